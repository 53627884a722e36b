// SPDX-License-Identifier: Apache-2.0
package edge.runtime.deploy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.osgi.framework.Version;

/** Reads the clauses of a manifest header (OSGi Core 3.2.4). */
final class Headers {

    private Headers() {
    }

    /**
     * One clause.
     *
     * @param paths what the clause is about: package names, a symbolic name, a namespace
     * @param attributes name without its type, and value
     * @param types of those attributes that name one
     */
    record Clause(List<String> paths, Map<String, String> attributes, Map<String, String> types,
                  Map<String, String> directives) {

        /** The attributes with values of the types that they name (OSGi Core 3.2.4). */
        Map<String, Object> typed() {
            Map<String, Object> typed = new LinkedHashMap<>();
            attributes.forEach((name, value) -> typed.put(name, typed(types.getOrDefault(name, "String"), value)));
            return typed;
        }

        private static Object typed(String type, String value) {
            if (type.startsWith("List")) {
                String element = type.equals("List") ? "String" : type.substring(type.indexOf('<') + 1, type.length() - 1);
                return Arrays.stream(value.split("(?<!\\\\),")).map(one -> typed(element.trim(), one.trim())).toList();
            }
            return switch (type) {
                case "Version" -> Version.parseVersion(value);
                case "Long" -> Long.valueOf(value.trim());
                case "Double" -> Double.valueOf(value.trim());
                default -> value;
            };
        }
    }

    static List<Clause> clauses(String header) {
        List<Clause> clauses = new ArrayList<>();
        if (header == null || header.isBlank()) {
            return clauses;
        }
        for (String clause : split(header, ',')) {
            List<String> paths = new ArrayList<>();
            Map<String, String> attributes = new LinkedHashMap<>();
            Map<String, String> types = new LinkedHashMap<>();
            Map<String, String> directives = new LinkedHashMap<>();
            for (String part : split(clause, ';')) {
                int equals = indexOfEquals(part);
                if (equals < 0) {
                    paths.add(part.trim());
                } else if (part.charAt(equals - 1) == ':') {
                    directives.put(part.substring(0, equals - 1).trim(), unquoted(part.substring(equals + 1)));
                } else {
                    String name = part.substring(0, equals).trim();
                    int type = name.indexOf(':');
                    if (type >= 0) {
                        types.put(name.substring(0, type), name.substring(type + 1).trim());
                    }
                    attributes.put(type < 0 ? name : name.substring(0, type), unquoted(part.substring(equals + 1)));
                }
            }
            clauses.add(new Clause(paths, attributes, types, directives));
        }
        return clauses;
    }

    private static int indexOfEquals(String part) {
        int equals = part.indexOf('=');
        int quote = part.indexOf('"');
        return equals > 0 && (quote < 0 || equals < quote) ? equals : -1;
    }

    private static String unquoted(String value) {
        String text = value.trim();
        return text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"") ? text.substring(1, text.length() - 1)
            : text;
    }

    private static List<String> split(String text, char separator) {
        List<String> parts = new ArrayList<>();
        boolean quoted = false;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == separator && !quoted) {
                parts.add(text.substring(start, i));
                start = i + 1;
            }
        }
        parts.add(text.substring(start));
        return parts;
    }
}
