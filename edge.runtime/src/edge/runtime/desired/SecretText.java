// SPDX-License-Identifier: Apache-2.0
package edge.runtime.desired;

import edge.json.Json;
import edge.json.JsonException;
import edge.json.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Changes the secrets of a configuration's text in place, and leaves everything else as its author wrote it. */
final class SecretText {
    static final String MASK = "********";
    private static final String NAMES = "pass(?:word|phrase|wd)?|secret|token|private_?key|credential";
    private static final Pattern SECRET_NAME = Pattern.compile("^\\.|" + NAMES, Pattern.CASE_INSENSITIVE);
    private SecretText() {
    }

    /** What becomes of one secret; returns the new value, or the same to leave it alone. */
    @FunctionalInterface
    interface Change {
        String apply(String path, Json.Text old) throws JsonException;
    }

    /**
     * Replaces the values of the secrets at the top level, single or in lists.
     *
     * @param secrets names of the attributes
     */
    static String replace(String text, Json.Obj root, Set<String> secrets, Change change) throws JsonException {
        List<Json.Text> found = new ArrayList<>();
        root.members().forEach((name, value) -> {
            if (secrets.contains(name)) {
                collect(value, found);
            }
        });
        StringBuilder changed = new StringBuilder();
        int done = 0;
        for (Json.Text old : found) {
            String value = change.apply(old.place().path(), old);
            if (!value.equals(old.value())) {
                int start = offset(text, old.place());
                changed.append(text, done, start).append(quoted(value));
                done = end(text, start);
            }
        }
        return changed.append(text, done, text.length()).toString();
    }

    private static void collect(Json value, List<Json.Text> into) {
        if (value instanceof Json.Text text && !text.value().isEmpty()) {
            into.add(text);
        } else if (value instanceof Json.Array array) {
            array.items().forEach(item -> collect(item, into));
        }
    }

    static String mask(String text, Json.Obj root, Set<String> secrets) {
        try {
            return replace(text, root, secrets, (path, old) -> MASK);
        } catch (JsonException e) {
            throw new IllegalStateException("masking refuses nothing", e);
        }
    }

    /**
     * Hides whatever may be a secret in a text that is not JSON: the rest of each line that names one.
     *
     * @param secrets names that are known to be secrets, beside those that sound like it
     */
    static String maskRoughly(String text, Set<String> secrets) {
        StringBuilder names = new StringBuilder("[^\\s,{:=]*(?:" + NAMES + ")[^\\s:=,]*|(?<![^\\s,{\"'])\\.\\w+[\"']?");
        secrets.forEach(secret -> names.append('|').append(Pattern.quote(secret)).append("[\"']?"));
        return Pattern.compile("((?:" + names + ")\\s*[:=]?\\s*)([^\\r\\n]*)", Pattern.CASE_INSENSITIVE)
            .matcher(text).replaceAll("$1\"" + MASK + "\"");
    }

    /** Names that sound like secrets, for a PID that no bundle describes yet. */
    static boolean soundsSecret(String name) {
        return SECRET_NAME.matcher(name).find();
    }

    /** The secret at a path such as {@code .password} or {@code keys[1]}; null if there is none. */
    static String valueAt(Json.Obj root, String path) {
        int bracket = path.indexOf('[');
        Json node = root.members().get(bracket < 0 ? path : path.substring(0, bracket));
        if (bracket >= 0 && node instanceof Json.Array array) {
            int index = Integer.parseInt(path.substring(bracket + 1, path.indexOf(']', bracket)));
            node = index < array.items().size() ? array.items().get(index) : null;
        }
        return node instanceof Json.Text text ? text.value() : null;
    }

    private static int offset(String text, Json.Place place) {
        int line = 1;
        int at = 0;
        while (line < place.line()) {
            char c = text.charAt(at++);
            if (c == '\n' || c == '\r' && !text.startsWith("\n", at)) {
                line++;
            }
        }
        return at + place.column() - 1;
    }

    /** The offset behind the closing quote of the string that begins at {@code start}. */
    private static int end(String text, int start) {
        int at = start + 1;
        while (text.charAt(at) != '"') {
            at += text.charAt(at) == '\\' ? 2 : 1;
        }
        return at + 1;
    }

    private static String quoted(String value) {
        return new String(JsonWriter.bytes(out -> out.writeString(value)), StandardCharsets.UTF_8);
    }
}
