// SPDX-License-Identifier: Apache-2.0
package edge.sbom;

import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Writes maps, lists, texts and numbers as JSON, two blanks a level. */
final class Json {

    private Json() {
    }

    static String write(Object value) {
        StringBuilder out = new StringBuilder();
        write(out, value, "\n");
        return out.append('\n').toString();
    }

    private static void write(StringBuilder out, Object value, String newline) {
        String deeper = newline + "  ";
        if (value instanceof Map<?, ?> map) {
            out.append('{');
            for (Iterator<? extends Map.Entry<?, ?>> i = map.entrySet().iterator(); i.hasNext();) {
                Map.Entry<?, ?> entry = i.next();
                out.append(deeper);
                text(out, entry.getKey().toString());
                out.append(": ");
                write(out, entry.getValue(), deeper);
                out.append(i.hasNext() ? "," : newline);
            }
            out.append('}');
        } else if (value instanceof List<?> list) {
            out.append('[');
            for (Iterator<?> i = list.iterator(); i.hasNext();) {
                out.append(deeper);
                write(out, i.next(), deeper);
                out.append(i.hasNext() ? "," : newline);
            }
            out.append(']');
        } else if (value instanceof Number) {
            out.append(value);
        } else {
            text(out, value.toString());
        }
    }

    private static void text(StringBuilder out, String text) {
        out.append('"');
        for (char c : text.toCharArray()) {
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ') {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}
