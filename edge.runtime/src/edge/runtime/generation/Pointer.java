// SPDX-License-Identifier: Apache-2.0
package edge.runtime.generation;

import edge.json.Json;
import edge.json.JsonException;
import edge.json.JsonParser;
import edge.json.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which generation is in force. This one small file is replaced atomically: there is no state between two generations.
 *
 * @param current its number; 0 for the product image alone
 * @param proven the generations that have been in force for a while in a gateway that lived
 */
record Pointer(long current, Set<Long> proven) {
    private static final int VERSION = 1;

    Pointer {
        proven = Set.copyOf(proven);
    }

    static Pointer parse(String text) throws JsonException {
        Json.Obj root = JsonParser.parse(text).asObject();
        root.integer("version", VERSION, VERSION);
        Set<Long> proven = new TreeSet<>();
        for (Json number : root.get("proven").asArray()) {
            proven.add(number.asInteger(0, Long.MAX_VALUE));
        }
        return new Pointer(root.integer("current", 0, Long.MAX_VALUE), proven);
    }

    byte[] bytes() {
        StringBuilder text = new StringBuilder(new String(JsonWriter.bytes(out -> {
            out.writeStartObject();
            out.writeNumberField("version", VERSION);
            out.writeNumberField("current", current);
            out.writeArrayFieldStart("proven");
            for (long number : new TreeSet<>(proven)) {
                out.writeNumber(number);
            }
            out.writeEndArray();
            out.writeEndObject();
        }), StandardCharsets.UTF_8));
        return text.append('\n').toString().getBytes(StandardCharsets.UTF_8);
    }

    Pointer at(long number) {
        return new Pointer(number, proven);
    }

    Pointer withProven(long number) {
        Set<Long> more = new TreeSet<>(proven);
        more.add(number);
        return new Pointer(current, more);
    }

    Pointer withoutProven(Set<Long> gone) {
        Set<Long> fewer = new TreeSet<>(proven);
        fewer.removeAll(gone);
        return new Pointer(current, fewer);
    }
}
