// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.taglist;

import edge.api.config.Problem;
import edge.json.Json;
import edge.json.JsonException;
import edge.json.JsonWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The Modbus configuration of the ThingsBoard gateway. Each slave becomes a device. */
final class ThingsBoardList extends ForeignList {
    private static final List<String> TABLES = List.of("", "coil", "discrete", "holding", "input");
    private static final Map<String, String> TYPES = new TreeMap<>(Map.ofEntries(Map.entry("16int", "int16"),
        Map.entry("16uint", "uint16"), Map.entry("32int", "int32"), Map.entry("32uint", "uint32"), Map.entry("64int", "int64"),
        Map.entry("64uint", "uint64"), Map.entry("32float", "float32"), Map.entry("64float", "float64"), Map.entry("float", "float32"),
        Map.entry("double", "float64"), Map.entry("int", "int16"), Map.entry("long", "int32")));
    private static final Set<String> WRITES = Set.of("5", "6", "15", "16");
    private static final Set<String> TAG = Set.of("tag", "type", "functionCode", "objectsCount", "address", "divider", "multiplier",
        "bitTargetType", "reportStrategy");

    ThingsBoardList(List<Problem> warnings) {
        super(warnings);
    }

    @Override
    List<Device> read(Json root, String name) throws JsonException {
        List<Json> slaves = root.asObject().get("master").asObject().get("slaves").asArray();
        Map<String, Device> devices = new LinkedHashMap<>();
        for (Json slave : slaves) {
            Json.Obj object = slave.asObject();
            String wanted = slaves.size() == 1 ? name : Device.asName(object.text("deviceName", name));
            Device device = device(wanted, object);
            if (devices.putIfAbsent(device.name(), device) != null) {
                warn(slave, "deviceName", "there are two devices named " + device.name() + "; the second is left out");
            }
        }
        return List.copyOf(devices.values());
    }

    private Device device(String name, Json.Obj slave) throws JsonException {
        Device device = new Device(name);
        if (!slave.text("type", "tcp").equals("tcp")) {
            warn(slave.get("type"), "type", "only tcp is translated: set the transport of " + name + " by hand");
        }
        device.set("host", slave.text("host", "127.0.0.1"));
        device.set("port", slave.integer("port", 502, 1, 65535));
        device.set("unit", slave.integer("unitId", 1, 0, 255));
        if (slave.has("timeout")) {
            device.set("timeout", Math.min(60_000, Math.max(10, Math.round(slave.get("timeout").asNumber() * 1000))));
        }
        device.set("byteOrder", slave.text("byteOrder", "BIG").equals("LITTLE") ? "little" : "big");
        device.set("wordOrder", slave.text("wordOrder", "BIG").equals("LITTLE") ? "little" : "big");
        double period = slave.has("pollPeriod") ? slave.get("pollPeriod").asNumber() : 5_000;
        Map<String, Json> written = new LinkedHashMap<>();
        for (String list : List.of("attributeUpdates", "rpc")) {
            each(array(slave, list), item -> {
                if (WRITES.contains(item.get("functionCode") instanceof Json.Text text ? text.value()
                    : JsonWriter.text(item.get("functionCode")))) {
                    written.put(place(item), item);
                }
            });
        }
        for (String list : List.of("attributes", "timeseries")) {
            each(array(slave, list), item -> tag(device, item, period, written));
        }
        written.values().forEach(left -> warn(left, "functionCode", "a value that is only written is not translated: add a tag with"
            + " access write by hand"));
        return device;
    }

    private static String place(Json.Obj item) throws JsonException {
        int function = function(item);
        boolean bit = function == 1 || function == 2 || function == 5 || function == 15;
        return (bit ? "coil " : "holding ") + item.integer("address", 0, 65535);
    }

    private static int function(Json.Obj item) throws JsonException {
        return number(item, "functionCode").orElse(3.0).intValue();
    }

    private void tag(Device device, Json.Obj item, double period, Map<String, Json> written) throws JsonException {
        String name = item.text("tag");
        int function = function(item);
        if (function < 1 || function > 4) {
            throw item.get("functionCode").place().problem("must be 1 to 4 to read");
        }
        String table = TABLES.get(function);
        Attributes tag = new Attributes().text("table", table).number("address", item.integer("address", 0, 65535), -1);
        double count = number(item, "objectsCount").orElse(1.0);
        if (function > 2) {
            register(item, name, count, tag);
        } else if (count > 1) {
            throw item.get("objectsCount").place().problem("several bits in one value are not translated: add a tag for each");
        }
        boolean writable = (function == 1 || function == 3) && written.remove(place(item)) != null;
        tag.access(true, writable);
        tag.number("period", Math.max(10, Math.min(86_400_000, period)), 1000);
        warnOfOthers(item, TAG, "this attribute of " + name);
        if (item.has("reportStrategy")) {
            warn(item.get("reportStrategy"), "reportStrategy", "is not translated: see onChange, deadband and heartbeat");
        }
        device.add(name, item.get("tag").place(), tag.members, warnings);
    }

    private static void register(Json.Obj item, String name, double count, Attributes tag) throws JsonException {
        String type = TYPES.get(item.text("type"));
        if (type == null) {
            throw item.get("type").place().problem("of " + name + " cannot be translated; known are "
                + String.join(", ", TYPES.keySet()));
        }
        // "int", "long" and "float" are as wide as the number of registers.
        if (count == 4 && type.equals("float32") && item.text("type").equals("float")) {
            type = "float64";
        }
        double width = Integer.parseInt(type.replaceAll("[a-z]", "")) / 16;
        if (item.has("objectsCount") && width != count) {
            throw item.get("objectsCount").place().problem("is " + count + ", but a " + type + " takes " + (int) width + " registers");
        }
        tag.text("type", type);
        double divider = number(item, "divider").orElse(1.0);
        double multiplier = number(item, "multiplier").orElse(1.0);
        tag.number("scale", divider == 0 ? multiplier : multiplier / divider, 1);
    }
}
