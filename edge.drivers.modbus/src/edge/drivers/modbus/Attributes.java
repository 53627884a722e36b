// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus;

import edge.json.Json;
import edge.json.JsonException;
import java.util.Optional;

/** Reading attributes of a tag. */
final class Attributes {

    private Attributes() {
    }

    /** What an attribute names, or the problem that it names nothing known. */
    static <T> T choice(Json.Obj item, String name, Optional<T> found, String known) throws JsonException {
        Json node = item.get(name);
        return found.orElseThrow(() -> node.place().problem("must be one of " + known + ", not " + node.describe()));
    }

    /** Refuses attributes that have no meaning here, unless they say what is so anyway. */
    static void refuse(Json.Obj item, String why, String... names) throws JsonException {
        for (String name : names) {
            if (item.has(name) && !isDefault(name, item.get(name))) {
                throw item.get(name).place().problem(name + " " + why);
            }
        }
    }

    private static boolean isDefault(String name, Json node) throws JsonException {
        return switch (name) {
            case "scale" -> node.asNumber() == 1;
            case "offset" -> node.asNumber() == 0;
            default -> false;
        };
    }
}
