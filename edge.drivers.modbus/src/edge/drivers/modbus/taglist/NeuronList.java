// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.taglist;

import edge.api.config.Problem;
import edge.json.Json;
import edge.json.JsonException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tags of Neuron: the answer of its API to a question for tags, or its whole exported configuration with nodes, groups and
 * settings. An address names its slave, so that each slave becomes a device.
 */
final class NeuronList extends ForeignList {
    private static final Pattern ADDRESS =
        Pattern.compile("([0-9]{1,3})!([0134])([0-9]{4,5})(?:\\.([0-9]{1,2}))?(?:#([LB]{1,2}))?(\\..*)?");
    private static final Set<String> TAG = Set.of("name", "address", "type", "attribute", "description", "decimal", "bias",
        "precision", "unit");
    private static final List<String> TABLES = List.of("coil", "discrete", "", "input", "holding");
    // By Neuron's numbers; those without a name here are not translated.
    private static final List<String> TYPES = List.of("", "", "", "int16", "uint16", "int32", "uint32", "int64", "uint64",
        "float32", "float64", "bit", "bool");
    private static final int READ = 1;
    private static final int WRITE = 2;

    private final Map<String, Device> devices = new LinkedHashMap<>();

    NeuronList(List<Problem> warnings) {
        super(warnings);
    }

    @Override
    List<Device> read(Json root, String name) throws JsonException {
        Json.Obj all = root.asObject();
        List<Json> tags = array(all, "tags");
        if (tags.isEmpty()) {
            throw root.place().problem("there are no \"tags\" in it");
        }
        if (!tags.get(0).asObject().has("tags")) {
            each(tags, tag -> tag(name, tag, Map.of()));
            return List.copyOf(devices.values());
        }
        for (Json group : tags) {
            Json.Obj object = group.asObject();
            String node = object.text("driver", object.text("node", name));
            String groupName = object.text("group", "");
            Map<String, Json> period = period(all, node, groupName);
            each(array(object, "tags"), tag -> tag(node, tag, period));
            for (Device device : devices.values()) {
                if (device.name().startsWith(Device.asName(node) + "-")) {
                    settings(all, node, device);
                }
            }
        }
        return List.copyOf(devices.values());
    }

    private static Map<String, Json> period(Json.Obj all, String node, String name) throws JsonException {
        for (Json item : array(all, "groups")) {
            Json.Obj group = item.asObject();
            if (group.text("driver", "").equals(node) && group.text("group", "").equals(name) && group.has("interval")) {
                return Map.of("period", Device.number(group.get("interval").asNumber()));
            }
        }
        return Map.of();
    }

    private static void settings(Json.Obj all, String node, Device device) throws JsonException {
        for (Json item : array(all, "settings")) {
            Json.Obj setting = item.asObject();
            if (setting.text("node", "").equals(node) && setting.has("params")) {
                Json.Obj params = setting.get("params").asObject();
                if (params.has("host")) {
                    device.set("host", params.text("host"));
                }
                if (params.has("port")) {
                    device.set("port", params.integer("port", 1, 65535));
                }
                if (params.has("timeout")) {
                    device.set("timeout", params.integer("timeout", 10, 60_000));
                }
            }
        }
    }

    private void tag(String node, Json.Obj item, Map<String, Json> period) throws JsonException {
        Json.Place at = item.get("name").place();
        Matcher address = ADDRESS.matcher(item.text("address"));
        if (!address.matches()) {
            throw item.get("address").place().problem("is no address such as 1!400001 or 1!400010.4");
        }
        int number = Integer.parseInt(address.group(3));
        int type = (int) item.integer("type", 0, 100);
        if (number < 1 || number > 65536) {
            throw item.get("address").place().problem("counts from 1 to 65536, not " + number);
        } else if (type >= TYPES.size() || TYPES.get(type).isEmpty() || address.group(6) != null) {
            throw item.get(address.group(6) != null ? "address" : "type").place()
                .problem("texts, bytes and numbers of 8 bits are not translated");
        }
        Attributes tag = new Attributes();
        String table = TABLES.get(address.group(2).charAt(0) - '0');
        tag.text("table", table).number("address", number - 1, -1);
        boolean isBit = TYPES.get(type).startsWith("b");
        if (table.equals("input") || table.equals("holding")) {
            tag.text("type", isBit ? "bool" : TYPES.get(type));
            if (isBit) {
                tag.number("bit", address.group(4) == null ? 0 : Integer.parseInt(address.group(4)), -1);
            } else {
                order(item, TYPES.get(type), address.group(5), tag);
                tag.number("scale", number(item, "decimal").filter(value -> value != 0).orElse(1.0), 1);
                tag.number("offset", number(item, "bias").orElse(0.0), 0);
            }
        }
        int attribute = (int) item.integer("attribute", READ, 0, 15);
        boolean writable = (attribute & WRITE) != 0 && (table.equals("coil") || table.equals("holding")) && !tag.members.containsKey("bit");
        if ((attribute & WRITE) != 0 && !writable) {
            warn(item.get("attribute"), "attribute", item.text("name") + " can only be read here");
        }
        tag.access((attribute & ~WRITE) != 0 || !writable, writable);
        tag.text("unit", item.text("unit", "")).text("description", item.text("description", ""));
        tag.members.putAll(period);
        warnOfOthers(item, TAG, "this attribute of " + item.text("name"));
        device(node, Integer.parseInt(address.group(1))).add(item.text("name"), at, tag.members, warnings);
    }

    private void order(Json.Obj item, String type, String order, Attributes tag) throws JsonException {
        if (order == null) {
            return;
        }
        // The first letter B turns all bytes around, the order of the registers included; two letters that differ turn the
        // bytes of each register (back).
        boolean all = order.charAt(0) == 'B';
        boolean swapBytes = order.length() == 1 ? all : order.charAt(1) == 'B';
        tag.text("byteOrder", swapBytes ? "little" : "");
        tag.text("wordOrder", all && !type.endsWith("16") ? "little" : "");
        warn(item.get("address"), "address", "#" + order + " means different orders of bytes in different versions of Neuron: look"
            + " whether the value of " + item.text("name") + " is right");
    }

    private Device device(String node, int slave) {
        return devices.computeIfAbsent(Device.asName(node) + "-" + slave, name -> {
            Device device = new Device(name);
            device.set("unit", slave);
            return device;
        });
    }
}
