// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus;

import edge.api.config.Problem;
import edge.api.device.Access;
import edge.api.device.Tag;
import edge.api.value.DataType;
import edge.drivers.modbus.codec.Order;
import edge.drivers.modbus.codec.Table;
import edge.drivers.modbus.codec.ValueFormat;
import edge.drivers.modbus.plan.Span;
import edge.json.Json;
import edge.json.JsonException;
import edge.json.TagAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads the list {@code tags} of a configuration, strictly: used by the check before a file is put in force and by the device
 * itself. Gathers every problem, at most one a tag.
 */
final class TagListReader {
    private static final Set<String> OWN_ATTRIBUTES = Set.of("name", "table", "address", "reference", "bit", "type", "byteOrder",
        "wordOrder", "scale", "offset", "unit", "access", "description", "min", "max");
    static final Set<String> ATTRIBUTES = Stream.concat(OWN_ATTRIBUTES.stream(), TagAttributes.NAMES.stream())
        .collect(Collectors.toUnmodifiableSet());
    private static final Duration DEFAULT_PERIOD = Duration.ofSeconds(1);

    private final TagDefaults defaults;
    private TagAttributes common;
    private final List<Problem> problems = new ArrayList<>();
    private final List<ModbusTag> tags = new ArrayList<>();
    private final Map<String, Json.Place> names = new HashMap<>();

    /** @param root the whole configuration */
    TagListReader(Json.Obj root, TagDefaults defaults) {
        this.defaults = defaults;
        try {
            common = new TagAttributes(root);
            List<Json> items = root.get("tags").asArray();
            if (items.isEmpty()) {
                throw root.get("tags").place().problem("there must be one tag at least");
            }
            for (Json item : items) {
                readItem(item);
            }
        } catch (JsonException e) {
            problems.add(problem(e));
        }
    }

    static Problem problem(JsonException e) {
        return new Problem(e.line(), e.column(), e.path(), e.getMessage());
    }

    /** What is wrong; {@link #tags} is complete only if this is empty. */
    List<Problem> problems() {
        return List.copyOf(problems);
    }

    /** The tags in the order of the list. */
    List<ModbusTag> tags() {
        return List.copyOf(tags);
    }

    private void readItem(Json item) {
        try {
            Json.Obj object = item.asObject();
            object.allowOnly(ATTRIBUTES);
            String name = name(object);
            tags.add(tag(name, object));
        } catch (JsonException e) {
            problems.add(problem(e));
        }
    }

    private String name(Json.Obj item) throws JsonException {
        String name = item.text("name");
        Json.Place place = item.get("name").place();
        if (!Tag.isName(name)) {
            throw place.problem("must be 1 to 64 of A-Z a-z 0-9 _ . -, not " + item.get("name").describe());
        }
        Json.Place first = names.putIfAbsent(name, place);
        if (first != null) {
            throw place.problem("the tag in line " + first.line() + " is called '" + name + "' already; names must differ");
        }
        return name;
    }

    private ModbusTag tag(String name, Json.Obj item) throws JsonException {
        Place place = place(item);
        Table table = place.table();
        DataType raw = type(item, table);
        Optional<ValueFormat> format = table.isBits() ? Optional.empty() : Optional.of(format(item, raw));
        Span span = span(item, place, format.map(ValueFormat::registers).orElse(1));
        DataType type = format.map(ValueFormat::type).orElse(DataType.BOOL);
        Access access = access(item, table, item.has("bit"));
        double min = bound(item, "min", type, access, Double.NEGATIVE_INFINITY);
        double max = bound(item, "max", type, access, Double.POSITIVE_INFINITY);
        if (min > max) {
            throw item.get("min").place().problem("min " + min + " is above max " + max);
        }
        Duration period = common.period(item, DEFAULT_PERIOD);
        Tag tag = new Tag(name, type, item.text("unit", ""), access, access.canRead() ? period : Duration.ZERO,
            TagAttributes.report(item, type), item.text("description", ""));
        return new ModbusTag(tag, span, format, min, max);
    }

    /** A table and an address in it, as in the protocol. */
    private record Place(Table table, int address, Json.Place at) {
    }

    private Place place(Json.Obj item) throws JsonException {
        if (item.has("reference")) {
            if (item.has("table") || item.has("address")) {
                throw item.get("reference").place().problem("names table and address already; use either reference or both"
                    + " of table and address");
            }
            return reference(item.get("reference"));
        }
        Table table = choice(item, "table", Table.ofLabel(item.text("table")), "coil, discrete, input, holding");
        int base = defaults.addressBase();
        int address = (int) item.integer("address", base, Table.SIZE - 1 + base) - base;
        return new Place(table, address, item.get("address").place());
    }

    private static Place reference(Json node) throws JsonException {
        String text = node.asText();
        if (text.matches("[0134][0-9]{4,5}")) {
            int number = Integer.parseInt(text.substring(1));
            if (number >= 1 && number <= Table.SIZE) {
                return new Place(Table.ofReferenceDigit(text.charAt(0)).orElseThrow(), number - 1, node.place());
            }
        }
        throw node.place().problem("must be 0, 1, 3 or 4 for the table and a number from 00001 to 65536, for example"
            + " \"40001\", not " + node.describe());
    }

    private static Span span(Json.Obj item, Place place, int length) throws JsonException {
        if (place.address() + length > Table.SIZE) {
            throw place.at().problem("a " + item.text("type", "value") + " takes " + length + " registers, which do not fit"
                + " before the end of the table");
        }
        return new Span(place.table(), place.address(), length);
    }

    private static <T> T choice(Json.Obj item, String name, Optional<T> found, String known) throws JsonException {
        Json node = item.get(name);
        return found.orElseThrow(() -> node.place().problem("must be one of " + known + ", not " + node.describe()));
    }

    private static DataType type(Json.Obj item, Table table) throws JsonException {
        if (!item.has("type")) {
            return table.isBits() || item.has("bit") ? DataType.BOOL : DataType.UINT16;
        }
        DataType type = choice(item, "type", DataType.ofLabel(item.text("type")).filter(TagListReader::isSupported),
            "bool, int16, uint16, int32, uint32, int64, uint64, float32, float64");
        if (table.isBits() && type != DataType.BOOL) {
            throw item.get("type").place().problem("a tag in table " + table.label() + " is a bool, not a " + type.label());
        }
        if (item.has("bit") && type != DataType.BOOL) {
            throw item.get("bit").place().problem("only a bool is a bit of a register, not a " + type.label());
        }
        if (!table.isBits() && type == DataType.BOOL && !item.has("bit")) {
            throw item.get("type").place().problem("a bool in table " + table.label() + " needs the attribute bit, 0 to 15");
        }
        return type;
    }

    private static boolean isSupported(DataType type) {
        return type == DataType.BOOL || type.bits() >= 16;
    }

    private ValueFormat format(Json.Obj item, DataType raw) throws JsonException {
        Order bytes = order(item, "byteOrder", defaults.byteOrder());
        Order words = order(item, "wordOrder", defaults.wordOrder());
        if (raw == DataType.BOOL) {
            refuse(item, "is for numbers, not for a bit", "scale", "offset", "wordOrder");
            return ValueFormat.bit((int) item.integer("bit", 0, 15), bytes);
        }
        if (raw.bits() / 16 > defaults.limits().maxRegisters()) {
            throw item.get("type").place().problem("a " + raw.label() + " takes " + raw.bits() / 16
                + " registers, but maxRegisters of this device is " + defaults.limits().maxRegisters());
        }
        double scale = item.number("scale", 1);
        if (scale == 0) {
            throw item.get("scale").place().problem("must not be 0");
        }
        return ValueFormat.number(raw, bytes, words, scale, item.number("offset", 0));
    }

    private static Order order(Json.Obj item, String name, Order otherwise) throws JsonException {
        return item.has(name) ? choice(item, name, Order.ofLabel(item.text(name)), "big, little") : otherwise;
    }

    private static Access access(Json.Obj item, Table table, boolean bit) throws JsonException {
        String text = item.text("access", "read");
        Access access = switch (text) {
            case "read" -> Access.READ;
            case "write" -> Access.WRITE;
            case "read-write" -> Access.READ_WRITE;
            default -> throw item.get("access").place().problem("must be one of read, write, read-write, not "
                + item.get("access").describe());
        };
        if (access.canWrite() && !table.isWritable()) {
            throw item.get("access").place().problem("table " + table.label() + " cannot be written; only coil and holding"
                + " can");
        }
        if (access.canWrite() && bit) {
            throw item.get("access").place().problem("a single bit of a register cannot be written; write the whole register");
        }
        if (table.isBits()) {
            refuse(item, "has no meaning for table " + table.label(), "bit", "byteOrder", "wordOrder", "scale", "offset");
        }
        return access;
    }

    private static double bound(Json.Obj item, String name, DataType type, Access access, double otherwise)
        throws JsonException {
        if (!access.canWrite()) {
            refuse(item, "limits what is written; this tag has access read", name);
        }
        if (type == DataType.BOOL) {
            refuse(item, "is for numbers, not for a bool", name);
        }
        return item.number(name, otherwise);
    }

    /** Refuses attributes that have no meaning here, unless they say what is so anyway. */
    private static void refuse(Json.Obj item, String why, String... names) throws JsonException {
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
