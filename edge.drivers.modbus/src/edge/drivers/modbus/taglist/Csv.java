// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.taglist;

import edge.api.config.Problem;
import edge.json.Json;
import edge.json.JsonException;
import edge.json.JsonParser;
import edge.json.JsonWriter;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Tag lists as CSV (RFC 4180): the first line names attributes, each further line is a tag, an empty cell is an attribute that is
 * not given. Spreadsheets may separate by semicolon or tab and write a byte order mark. The types come from the schema of the
 * configuration, so that this knows every attribute that there is.
 */
final class Csv {
    // A spreadsheet would take a cell that begins so for a formula.
    private static final Pattern FORMULA = Pattern.compile("'*[=+\\-@\t\r].*", Pattern.DOTALL);
    private static final int MAX_CELLS = 500_000;
    private static final int MAX_NUMBER = 100;

    private final Map<String, String> types = new LinkedHashMap<>();

    /** @param schema of the configuration, whose attribute {@code tags} describes the columns */
    Csv(String schema) {
        try {
            Json.Obj properties = JsonParser.parse(schema).asObject().get("properties").asObject().get("tags").asObject()
                .get("items").asObject().get("properties").asObject();
            for (Map.Entry<String, Json> property : properties.members().entrySet()) {
                types.put(property.getKey(), property.getValue().asObject().has("type")
                    ? property.getValue().asObject().text("type") : "any");
            }
        } catch (JsonException e) {
            throw new IllegalStateException("the bundle's own schema is wrong", e);
        }
    }

    /** A cell with its place. */
    private record Cell(String text, int line, int column) {
    }

    void read(String text, Device device, List<Problem> problems) {
        List<List<Cell>> rows = rows(text, problems);
        if (rows.isEmpty() && problems.isEmpty()) {
            problems.add(new Problem(1, 1, "", "the list is empty; its first line must name the columns, such as"
                + " name,table,address,type"));
            return;
        }
        if (!problems.isEmpty()) {
            return;
        }
        List<Cell> header = rows.get(0);
        Set<String> seen = new LinkedHashSet<>();
        for (Cell column : header) {
            if (!types.containsKey(column.text().strip())) {
                problems.add(new Problem(column.line(), column.column(), brief(column.text()), "there is no such attribute; known are "
                    + String.join(", ", types.keySet())));
            } else if (!seen.add(column.text().strip())) {
                problems.add(new Problem(column.line(), column.column(), column.text(), "the column is there twice"));
            }
        }
        if (!seen.contains("name")) {
            problems.add(new Problem(1, 1, "name", "the column is missing"));
        }
        if (problems.isEmpty()) {
            rows.subList(1, rows.size()).forEach(row -> tag(header, row, device, problems));
        }
    }

    private void tag(List<Cell> header, List<Cell> row, Device device, List<Problem> problems) {
        Map<String, Json> members = new LinkedHashMap<>();
        for (int i = 0; i < row.size(); i++) {
            Cell cell = row.get(i);
            if (cell.text().isEmpty()) {
                continue;
            } else if (i >= header.size()) {
                problems.add(new Problem(cell.line(), cell.column(), "", "there are more cells than columns"));
                return;
            }
            String name = header.get(i).text().strip();
            try {
                members.put(name, value(cell, types.get(name)));
            } catch (IllegalArgumentException e) {
                problems.add(new Problem(cell.line(), cell.column(), name, e.getMessage()));
            }
        }
        Json name = members.remove("name");
        Json.Place at = new Json.Place(row.get(0).line(), row.get(0).column(), "name");
        if (name == null) {
            problems.add(new Problem(at.line(), at.column(), "name", "the tag has no name"));
        } else {
            device.add(((Json.Text) name).value(), at, members, problems);
        }
    }

    private static Json value(Cell cell, String type) {
        Json.Place at = new Json.Place(cell.line(), cell.column(), "");
        String text = cell.text();
        switch (type) {
            case "string" -> {
                boolean quoted = text.startsWith("'") && FORMULA.matcher(text).matches();
                return new Json.Text(at, quoted ? text.substring(1) : text);
            }
            case "boolean" -> {
                // Spreadsheets write them in capitals.
                if (text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false")) {
                    return new Json.Bool(at, text.equalsIgnoreCase("true"));
                }
                throw new IllegalArgumentException("must be true or false, not '" + brief(text) + "'");
            }
            case "integer", "number" -> {
                try {
                    if (text.length() <= MAX_NUMBER) {
                        return new Json.Num(at, new BigDecimal(text.strip()));
                    }
                } catch (NumberFormatException e) {
                    // told below
                }
                throw new IllegalArgumentException("must be a number with a point, not '" + brief(text) + "'");
            }
            default -> {
                try {
                    return JsonParser.parse(text);
                } catch (JsonException e) {
                    throw new IllegalArgumentException("must be JSON: " + e.getMessage(), e);
                }
            }
        }
    }

    private static String brief(String text) {
        return text.length() <= MAX_NUMBER ? text : text.substring(0, MAX_NUMBER) + "…";
    }

    String write(List<Json> tags) throws JsonException {
        Set<String> used = new LinkedHashSet<>();
        for (Json tag : tags) {
            used.addAll(tag.asObject().members().keySet());
        }
        List<String> columns = types.keySet().stream().filter(used::contains).toList();
        StringBuilder text = new StringBuilder(String.join(",", columns)).append("\r\n");
        for (Json tag : tags) {
            List<String> cells = new ArrayList<>();
            for (String column : columns) {
                cells.add(tag.asObject().has(column) ? cell(tag.asObject().get(column)) : "");
            }
            text.append(String.join(",", cells)).append("\r\n");
        }
        return text.toString();
    }

    private static String cell(Json value) {
        String text = JsonWriter.text(value);
        if (value instanceof Json.Text plain) {
            text = plain.value();
            if (FORMULA.matcher(text).matches()) {
                text = "'" + text;
            }
        }
        boolean plain = text.chars().noneMatch(c -> c == '"' || c == ',' || c == ';' || c == '\n' || c == '\r' || c == '\t');
        return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
    }

    private static List<List<Cell>> rows(String source, List<Problem> problems) {
        String text = source.startsWith("\ufeff") ? source.substring(1) : source;
        String first = text.lines().findFirst().orElse("");
        char separator = first.indexOf(';') >= 0 ? ';' : first.indexOf('\t') >= 0 ? '\t' : ',';
        List<List<Cell>> rows = new ArrayList<>();
        List<Cell> row = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        int line = 1;
        int column = 1;
        int startLine = 1;
        int startColumn = 1;
        int cells = 0;
        boolean quoted = false;
        for (int i = 0; i <= text.length(); i++) {
            char c = i < text.length() ? text.charAt(i) : '\n';
            if (quoted && i == text.length()) {
                problems.add(new Problem(startLine, startColumn, "", "the cell that begins here with \" does not end"));
                return List.of();
            } else if (quoted && c == '"' && i + 1 < text.length() && text.charAt(i + 1) == '"') {
                cell.append('"');
                i++;
                column++;
            } else if (c == '"' && (quoted || cell.isEmpty())) {
                quoted = !quoted;
            } else if (!quoted && (c == separator || c == '\n')) {
                String content = cell.toString();
                row.add(new Cell(content.endsWith("\r") ? content.substring(0, content.length() - 1) : content, startLine,
                    startColumn));
                cell.setLength(0);
                if (++cells > MAX_CELLS) {
                    problems.add(new Problem(startLine, startColumn, "", "the list has more than " + MAX_CELLS + " cells; divide it"));
                    return List.of();
                }
                if (c == '\n') {
                    if (row.stream().anyMatch(one -> !one.text().isBlank())) {
                        rows.add(row);
                    }
                    row = new ArrayList<>();
                }
                startLine = c == '\n' ? line + 1 : line;
                startColumn = c == '\n' ? 1 : column + 1;
            } else {
                cell.append(c);
            }
            column = c == '\n' ? 1 : column + 1;
            line += c == '\n' ? 1 : 0;
        }
        return rows;
    }
}
