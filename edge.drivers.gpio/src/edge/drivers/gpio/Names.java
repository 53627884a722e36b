// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio;

import edge.api.device.Tag;
import edge.json.Json;
import edge.json.JsonException;
import java.util.HashMap;
import java.util.Map;

/** Reads the names of tags, and refuses one that is used twice. */
public final class Names {

    private final Map<String, Json.Place> used = new HashMap<>();

    public String read(Json.Obj object, String attribute) throws JsonException {
        Json node = object.get(attribute);
        String name = node.asText();
        if (!Tag.isName(name)) {
            throw node.place().problem("must be 1 to 64 of A-Z a-z 0-9 _ . -, not " + node.describe());
        }
        Json.Place other = used.putIfAbsent(name, node.place());
        if (other != null) {
            throw node.place().problem("'" + name + "' is already the name of the tag in row " + other.line());
        }
        return name;
    }
}
