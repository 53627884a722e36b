// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus;

import edge.api.config.Problem;
import edge.api.device.Access;
import edge.api.device.Tag;
import edge.api.value.DataType;
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
    private static final Set<String> OWN_ATTRIBUTES = Set.of("name", "table", "address", "reference", "bit", "type", "half",
        "length", "byteOrder", "wordOrder", "order", "scale", "offset", "clamp", "texts", "unit", "access", "description", "min",
        "max", "verify");
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
        AddressReader place = AddressReader.read(item, defaults.addressBase());
        Optional<ValueFormat> format = FormatReader.read(item, place, defaults);
        Span span = span(item, place, format.map(ValueFormat::registers).orElse(1));
        DataType type = format.map(ValueFormat::type).orElse(DataType.BOOL);
        Meaning meaning = Meaning.read(item, type);
        Access access = access(item, place.table());
        double min = bound(item, "min", type, access, Double.NEGATIVE_INFINITY);
        double max = bound(item, "max", type, access, Double.POSITIVE_INFINITY);
        if (min > max) {
            throw item.get("min").place().problem("min " + min + " is above max " + max);
        }
        boolean verified = item.bool("verify", false);
        if (verified && !access.canWrite()) {
            throw item.get("verify").place().problem("verify is about writing; this tag has access read");
        }
        Duration period = common.period(item, DEFAULT_PERIOD);
        Tag tag = new Tag(name, meaning.type(type), item.text("unit", ""), access, access.canRead() ? period : Duration.ZERO,
            TagAttributes.report(item, meaning.type(type)), item.text("description", ""));
        return new ModbusTag(tag, span, format, meaning, new ModbusTag.Writing(min, max, verified));
    }

    private static Span span(Json.Obj item, AddressReader place, int length) throws JsonException {
        if (place.address() + length > Table.SIZE) {
            throw place.at().problem("a " + item.text("type", "value") + " takes " + length + " registers, which do not fit"
                + " before the end of the table");
        }
        return new Span(place.table(), place.address(), length);
    }

    private static Access access(Json.Obj item, Table table) throws JsonException {
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
        return access;
    }

    private static double bound(Json.Obj item, String name, DataType type, Access access, double otherwise)
        throws JsonException {
        if (!access.canWrite()) {
            Attributes.refuse(item, "limits what is written; this tag has access read", name);
        }
        if (type == DataType.BOOL || type == DataType.TEXT || type == DataType.BYTES) {
            Attributes.refuse(item, "is for numbers, not for a " + type.label(), name);
        }
        return item.number(name, otherwise);
    }
}
