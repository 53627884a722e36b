// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.tagserver;

import edge.api.config.Problem;
import edge.api.device.Tag;
import edge.api.value.DataType;
import edge.drivers.modbus.codec.Order;
import edge.drivers.modbus.codec.RawType;
import edge.drivers.modbus.codec.Table;
import edge.drivers.modbus.codec.ValueFormat;
import edge.drivers.modbus.tagserver.MappedTag.What;
import edge.json.Json;
import edge.json.JsonException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The list {@code tags} of a server, read strictly. Gathers every problem, at most one a tag. */
final class TagMap {
    private static final Set<String> ATTRIBUTES = Set.of("device", "tag", "what", "table", "address", "type", "byteOrder",
        "wordOrder", "scale", "offset");

    private int base;
    private final List<Problem> problems = new ArrayList<>();
    private final List<MappedTag> tags = new ArrayList<>();
    private final Map<Table, TreeMap<Integer, Placed>> placed = new TreeMap<>();

    private record Placed(MappedTag tag, Json.Place at) {
    }

    /** @param root the server's whole configuration */
    TagMap(Json.Obj root) {
        try {
            base = (int) root.integer("addressBase", 0, 0, 1);
            List<Json> items = root.get("tags").asArray();
            if (items.isEmpty()) {
                throw root.get("tags").place().problem("there must be one tag at least");
            }
            items.forEach(this::read);
        } catch (JsonException e) {
            problem(e);
        }
    }

    /** What is wrong; {@link #tags} is complete only if this is empty. */
    List<Problem> problems() {
        return List.copyOf(problems);
    }

    List<MappedTag> tags() {
        return List.copyOf(tags);
    }

    private void problem(JsonException e) {
        problems.add(new Problem(e.line(), e.column(), e.path(), e.getMessage()));
    }

    private void read(Json node) {
        try {
            Json.Obj item = node.asObject();
            item.allowOnly(ATTRIBUTES);
            MappedTag tag = tag(item);
            place(tag, item.get("address").place());
            tags.add(tag);
        } catch (JsonException e) {
            problem(e);
        }
    }

    private MappedTag tag(Json.Obj item) throws JsonException {
        String device = name(item, "device");
        String tag = name(item, "tag");
        Table table = one(item, "table", Table.ofLabel(item.text("table")), "coil, discrete, input, holding");
        int address = (int) item.integer("address", base, Table.SIZE - 1 + base) - base;
        What what = item.text("what", "value").equals("good") ? What.GOOD : What.VALUE;
        if (what == What.VALUE && !item.text("what", "value").equals("value")) {
            throw item.get("what").place().problem("must be value or good, not " + item.get("what").describe());
        }
        if (table.isBits() || what == What.GOOD) {
            for (String name : List.of("type", "byteOrder", "wordOrder", "scale", "offset")) {
                if (item.has(name)) {
                    throw item.get(name).place().problem(name + " has no meaning for a single bit");
                }
            }
            return new MappedTag(device, tag, table, address, 1, what, DataType.BOOL, Optional.empty(), false);
        }
        RawType type = one(item, "type", RawType.ofLabel(item.text("type")).filter(known -> known.bytes() >= 2),
            "int16, uint16, int32, uint32, int64, uint64, float16, float32, float64, bcd16, bcd32, bcd64");
        double scale = item.number("scale", 1);
        double offset = item.number("offset", 0);
        if (scale == 0) {
            throw item.get("scale").place().problem("must not be 0");
        }
        ValueFormat format = ValueFormat.number(type, order(item, "byteOrder"), order(item, "wordOrder"), scale, offset);
        if (address + format.registers() > Table.SIZE) {
            throw item.get("address").place().problem("a " + type.label() + " takes " + format.registers()
                + " registers, which do not fit before the end of the table");
        }
        return new MappedTag(device, tag, table, address, format.registers(), what, type.type(), Optional.of(format),
            scale != 1 || offset != 0);
    }

    private void place(MappedTag tag, Json.Place at) throws JsonException {
        TreeMap<Integer, Placed> table = placed.computeIfAbsent(tag.table(), key -> new TreeMap<>());
        Map.Entry<Integer, Placed> before = table.lowerEntry(tag.address() + tag.length());
        if (before != null && before.getValue().tag().address() + before.getValue().tag().length() > tag.address()) {
            Placed other = before.getValue();
            throw at.problem("overlaps " + other.tag().device() + "/" + other.tag().tag() + " in line " + other.at().line()
                + ", which takes " + (other.tag().address() + base) + " to "
                + (other.tag().address() + other.tag().length() - 1 + base));
        }
        table.put(tag.address(), new Placed(tag, at));
    }

    private static String name(Json.Obj item, String attribute) throws JsonException {
        String name = item.text(attribute);
        if (!Tag.isName(name)) {
            throw item.get(attribute).place().problem("must be 1 to 64 of A-Z a-z 0-9 _ . -, not "
                + item.get(attribute).describe());
        }
        return name;
    }

    private static Order order(Json.Obj item, String name) throws JsonException {
        return item.has(name) ? one(item, name, Order.ofLabel(item.text(name)), "big, little") : Order.BIG;
    }

    private static <T> T one(Json.Obj item, String name, Optional<T> found, String known) throws JsonException {
        Json node = item.get(name);
        return found.orElseThrow(() -> node.place().problem("must be one of " + known + ", not " + node.describe()));
    }
}
