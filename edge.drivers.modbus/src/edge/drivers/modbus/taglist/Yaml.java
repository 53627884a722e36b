// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.taglist;

import edge.json.Json;
import edge.json.JsonException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The part of YAML that device profiles are written in: block mappings and lists, flow mappings and lists on one line, plain and
 * quoted scalars, comments. Anchors, tags, block texts and several documents are refused. What comes out is JSON with its places.
 */
final class Yaml {
    private static final int MAX_DEPTH = 30;

    private record Line(int number, int indent, String text) {
    }

    private final List<Line> lines = new ArrayList<>();
    private int at;
    private int depth;

    private Yaml(String source) throws JsonException {
        int number = 0;
        for (String raw : source.split("\n", -1)) {
            number++;
            String text = withoutComment(raw.endsWith("\r") ? raw.substring(0, raw.length() - 1) : raw);
            int indent = 0;
            while (indent < text.length() && text.charAt(indent) == ' ') {
                indent++;
            }
            String content = text.strip();
            if (content.startsWith("---") && lines.isEmpty() || content.isEmpty()) {
                continue;
            }
            if (text.charAt(indent) == '\t' || content.startsWith("---") || content.startsWith("&") || content.startsWith("*")
                || content.startsWith("!")) {
                throw new JsonException(number, indent + 1, "", "is YAML that is not understood here");
            }
            lines.add(new Line(number, indent, content));
        }
    }

    static Json parse(String source) throws JsonException {
        Yaml yaml = new Yaml(source);
        if (yaml.lines.isEmpty()) {
            throw new JsonException(1, 1, "", "there is nothing");
        }
        Json root = yaml.block(yaml.lines.get(0).indent());
        if (yaml.at < yaml.lines.size()) {
            Line left = yaml.lines.get(yaml.at);
            throw new JsonException(left.number(), left.indent() + 1, "", "is not indented as what it belongs to");
        }
        return root;
    }

    private Json block(int indent) throws JsonException {
        if (++depth > MAX_DEPTH) {
            throw new JsonException(lines.get(at).number(), 1, "", "is nested deeper than " + MAX_DEPTH + " levels");
        }
        Line first = lines.get(at);
        Json result;
        if (isItem(first.text())) {
            result = list(indent);
        } else if (colon(first.text()) >= 0 && first.text().charAt(0) != '{' && first.text().charAt(0) != '[') {
            result = mapping(indent);
        } else {
            at++;
            result = new Flow(first.text(), first.number(), first.indent()).whole();
        }
        depth--;
        return result;
    }

    private Json list(int indent) throws JsonException {
        Json.Place place = place(lines.get(at));
        List<Json> items = new ArrayList<>();
        while (at < lines.size() && lines.get(at).indent() == indent && isItem(lines.get(at).text())) {
            Line line = lines.get(at);
            String rest = line.text().substring(1);
            if (rest.isBlank()) {
                at++;
                items.add(nested(line, indent + 1));
            } else {
                // The item is a block of its own that begins behind the hyphen.
                int inner = indent + 1 + rest.length() - rest.stripLeading().length();
                lines.set(at, new Line(line.number(), inner, rest.strip()));
                items.add(block(inner));
            }
        }
        return new Json.Array(place, items);
    }

    private Json mapping(int indent) throws JsonException {
        Json.Place place = place(lines.get(at));
        Map<String, Json> members = new LinkedHashMap<>();
        while (at < lines.size() && lines.get(at).indent() == indent && !isItem(lines.get(at).text())) {
            Line line = lines.get(at);
            int colon = colon(line.text());
            if (colon < 0) {
                throw new JsonException(line.number(), indent + 1, "", "a key with : is expected");
            }
            String key = unquoted(line.text().substring(0, colon).strip());
            String rest = line.text().substring(colon + 1).strip();
            at++;
            Json value = rest.isEmpty() ? nested(line, indent)
                : new Flow(rest, line.number(), indent + line.text().indexOf(rest, colon + 1)).whole();
            if (members.put(key, value) != null) {
                throw new JsonException(line.number(), indent + 1, key, "is there twice");
            }
        }
        return new Json.Obj(place, members);
    }

    // What belongs to a line that ends with a colon or a hyphen: a deeper block, or a list at the same depth.
    private Json nested(Line parent, int least) throws JsonException {
        if (at < lines.size()) {
            Line next = lines.get(at);
            if (next.indent() > parent.indent() || next.indent() == least && isItem(next.text()) && !isItem(parent.text())) {
                return block(next.indent());
            }
        }
        return new Json.Null(place(parent));
    }

    private static Json.Place place(Line line) {
        return new Json.Place(line.number(), line.indent() + 1, "");
    }

    private static boolean isItem(String text) {
        return text.equals("-") || text.startsWith("- ");
    }

    // The colon behind a key: followed by a blank or the end, and not in quotes.
    private static int colon(String text) {
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if (c == '"' || c == '\'') {
                quote = c;
            } else if (c == ':' && (i + 1 == text.length() || text.charAt(i + 1) == ' ')) {
                return i;
            }
        }
        return -1;
    }

    private static String withoutComment(String text) {
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if ((c == '"' || c == '\'') && (i == 0 || " [{,:".indexOf(text.charAt(i - 1)) >= 0)) {
                quote = c;
            } else if (c == '#' && (i == 0 || text.charAt(i - 1) == ' ')) {
                return text.substring(0, i);
            }
        }
        return text;
    }

    private static String unquoted(String text) {
        boolean quoted = text.length() >= 2 && (text.charAt(0) == '"' || text.charAt(0) == '\'')
            && text.charAt(text.length() - 1) == text.charAt(0);
        return quoted ? text.substring(1, text.length() - 1) : text;
    }

    private static Json scalar(String text, Json.Place place) {
        if (!unquoted(text).equals(text)) {
            return new Json.Text(place, unquoted(text));
        }
        switch (text) {
            case "true", "True", "TRUE" -> {
                return new Json.Bool(place, true);
            }
            case "false", "False", "FALSE" -> {
                return new Json.Bool(place, false);
            }
            case "", "~", "null" -> {
                return new Json.Null(place);
            }
            default -> {
                return text.matches("[-+]?[0-9]{1,30}(\\.[0-9]{0,30})?([eE][-+]?[0-9]{1,3})?")
                    ? new Json.Num(place, new BigDecimal(text)) : new Json.Text(place, text);
            }
        }
    }

    /** A value on one line. */
    private static final class Flow {
        private final String text;
        private final int line;
        private final int offset;
        private int i;
        private int depth;

        private Flow(String text, int line, int offset) {
            this.text = text;
            this.line = line;
            this.offset = offset;
        }

        private Json whole() throws JsonException {
            if (text.charAt(0) == '|' || text.charAt(0) == '>' || text.charAt(0) == '&' || text.charAt(0) == '*'
                || text.charAt(0) == '!') {
                throw problem("is YAML that is not understood here");
            }
            if (text.charAt(0) != '{' && text.charAt(0) != '[') {
                return scalar(text, here());
            }
            Json value = value();
            skip();
            if (i < text.length()) {
                throw problem("the line should end here");
            }
            return value;
        }

        private Json value() throws JsonException {
            if (++depth > MAX_DEPTH) {
                throw problem("is nested too deep");
            }
            skip();
            Json.Place place = here();
            Json result;
            if (isAt('{')) {
                Map<String, Json> members = new LinkedHashMap<>();
                i++;
                for (skip(); !isAt('}'); skip()) {
                    String key = unquoted(until(":"));
                    take(':');
                    members.put(key, value());
                    comma('}');
                }
                i++;
                result = new Json.Obj(place, members);
            } else if (isAt('[')) {
                List<Json> items = new ArrayList<>();
                i++;
                for (skip(); !isAt(']'); skip()) {
                    items.add(value());
                    comma(']');
                }
                i++;
                result = new Json.Array(place, items);
            } else {
                result = scalar(until(",]}"), place);
            }
            depth--;
            return result;
        }

        private String until(String ends) throws JsonException {
            int start = i;
            if (isAt('"') || isAt('\'')) {
                int close = text.indexOf(text.charAt(i), i + 1);
                if (close < 0) {
                    throw problem("the text does not end");
                }
                i = close + 1;
                return text.substring(start, i);
            }
            while (i < text.length() && ends.indexOf(text.charAt(i)) < 0) {
                i++;
            }
            return text.substring(start, i).strip();
        }

        private void comma(char end) throws JsonException {
            skip();
            if (isAt(',')) {
                i++;
            } else if (!isAt(end)) {
                throw problem("a comma or " + end + " is expected");
            }
        }

        private void take(char c) throws JsonException {
            skip();
            if (!isAt(c)) {
                throw problem(c + " is expected");
            }
            i++;
        }

        private boolean isAt(char c) {
            return i < text.length() && text.charAt(i) == c;
        }

        private void skip() {
            while (i < text.length() && text.charAt(i) == ' ') {
                i++;
            }
        }

        private Json.Place here() {
            return new Json.Place(line, offset + i + 1, "");
        }

        private JsonException problem(String message) {
            return here().problem(message);
        }
    }
}
