// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.taglist;

import edge.api.config.Problem;
import edge.json.Json;
import edge.json.JsonException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A device profile of EdgeX's Modbus device service, in JSON or YAML. It does not say where the device is. */
final class EdgexProfile extends ForeignList {
    private static final Map<String, String> TABLES = Map.of("COILS", "coil", "DISCRETES_INPUT", "discrete", "DISCRETE_INPUTS",
        "discrete", "INPUT_REGISTERS", "input", "HOLDING_REGISTERS", "holding");
    private static final Map<String, String> TYPES = Map.of("Bool", "bool", "Int16", "int16", "Uint16", "uint16", "Int32", "int32",
        "Uint32", "uint32", "Int64", "int64", "Uint64", "uint64", "Float32", "float32", "Float64", "float64");
    private static final Set<String> ATTRIBUTES = Set.of("primaryTable", "startingAddress", "rawType", "isByteSwap", "isWordSwap");
    private static final Set<String> PROPERTIES = Set.of("valueType", "readWrite", "units", "minimum", "maximum", "scale", "offset",
        "defaultValue", "mediaType");

    private static final double NO_LIMIT = Double.POSITIVE_INFINITY;

    EdgexProfile(List<Problem> warnings) {
        super(warnings);
    }

    @Override
    List<Device> read(Json root, String name) throws JsonException {
        Json.Obj profile = root.asObject();
        Device device = new Device(name);
        if (profile.has("description")) {
            device.set("description", profile.text("description"));
        }
        each(profile.get("deviceResources").asArray(), resource -> tag(device, resource));
        return List.of(device);
    }

    private void tag(Device device, Json.Obj resource) throws JsonException {
        String name = resource.text("name");
        Json.Obj attributes = resource.get("attributes").asObject();
        Json.Obj properties = resource.get("properties").asObject();
        String table = TABLES.get(attributes.text("primaryTable"));
        String type = TYPES.get(attributes.text("rawType", properties.text("valueType")));
        if (table == null) {
            throw attributes.get("primaryTable").place().problem("is none of " + String.join(", ", TABLES.keySet()));
        } else if (type == null || type.equals("bool") && (table.equals("input") || table.equals("holding"))) {
            throw (attributes.has("rawType") ? attributes.get("rawType") : properties.get("valueType")).place()
                .problem("this type of " + name + " cannot be translated; for a bit of a register add a tag by hand");
        }
        Json where = attributes.get("startingAddress");
        double address = number(attributes, "startingAddress").orElseThrow();
        if (address != Math.rint(address) || address < 0 || address > 65535) {
            throw where.place().problem("must be a whole number from 0 to 65535, not " + where.describe());
        }
        Attributes tag = new Attributes().text("table", table).number("address", address, -1);
        boolean bits = table.equals("coil") || table.equals("discrete");
        boolean writable = properties.text("readWrite", "R").contains("W");
        if (!bits) {
            tag.text("type", type);
            tag.text("byteOrder", isTrue(attributes, "isByteSwap") ? "little" : "");
            tag.text("wordOrder", isTrue(attributes, "isWordSwap") ? "little" : "");
            tag.number("scale", number(properties, "scale").filter(value -> value != 0).orElse(1.0), 1);
            tag.number("offset", number(properties, "offset").orElse(0.0), 0);
            if (writable) {
                tag.number("min", number(properties, "minimum").orElse(NO_LIMIT), NO_LIMIT);
                tag.number("max", number(properties, "maximum").orElse(NO_LIMIT), NO_LIMIT);
            }
        }
        if (writable && (table.equals("input") || table.equals("discrete"))) {
            warn(properties.get("readWrite"), "readWrite", name + " can only be read");
            writable = false;
        }
        tag.access(properties.text("readWrite", "R").contains("R"), writable);
        tag.text("unit", properties.text("units", "")).text("description", resource.text("description", ""));
        warnOfOthers(attributes, ATTRIBUTES, "this attribute of " + name);
        warnOfOthers(properties, PROPERTIES, "this property of " + name);
        device.add(name, resource.get("name").place(), tag.members, warnings);
    }

    private static boolean isTrue(Json.Obj object, String name) throws JsonException {
        return object.has(name) && (object.get(name) instanceof Json.Text text ? text.value().equals("true")
            : object.get(name).asBool());
    }
}
