// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.taglist;

import edge.json.Json;
import edge.json.JsonWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** A configuration as text, as people write it: one attribute a line, one tag a line. */
final class ConfigurationText {
    private static final String TAGS = "tags";

    private ConfigurationText() {
    }

    /** @param current attributes of the configuration that there is; they are kept where it has them */
    static String of(Device device, Map<String, Json> current) {
        Map<String, Json> attributes = new LinkedHashMap<>(device.attributes());
        attributes.putAll(current);
        Set<String> used = device.tags().stream().filter(tag -> tag.has("group"))
            .map(tag -> ((Json.Text) tag.members().get("group")).value()).collect(Collectors.toSet());
        if (used.isEmpty() && !current.containsKey("groups")) {
            attributes.remove("groups");
        } else if (device.attributes().containsKey("groups")) {
            attributes.put("groups", device.attributes().get("groups"));
        }
        attributes.remove(TAGS);
        StringBuilder text = new StringBuilder("{\n");
        attributes.forEach((name, value) -> text.append("  ").append(JsonWriter.text(Device.text(name))).append(": ").append(JsonWriter.text(value))
            .append(",\n"));
        return text.append("  \"tags\": [\n    ")
            .append(device.tags().stream().map(JsonWriter::text).collect(Collectors.joining(",\n    ")))
            .append("\n  ]\n}\n").toString();
    }
}
