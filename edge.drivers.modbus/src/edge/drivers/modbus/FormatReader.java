// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus;

import edge.drivers.modbus.codec.ByteSequence;
import edge.drivers.modbus.codec.Order;
import edge.drivers.modbus.codec.RawType;
import edge.drivers.modbus.codec.Table;
import edge.drivers.modbus.codec.ValueFormat;
import edge.json.Json;
import edge.json.JsonException;
import java.util.Optional;

/** Reads how a tag lies in registers: its type, the order of bytes and words, scale and offset. */
final class FormatReader {
    private static final int MAX_BYTES = 2 * Table.HOLDING.maxRead();

    private final Json.Obj item;
    private final AddressReader place;
    private final TagDefaults defaults;

    private FormatReader(Json.Obj item, AddressReader place, TagDefaults defaults) {
        this.item = item;
        this.place = place;
        this.defaults = defaults;
    }

    /** @return empty for a coil or discrete input */
    static Optional<ValueFormat> read(Json.Obj item, AddressReader place, TagDefaults defaults) throws JsonException {
        FormatReader reader = new FormatReader(item, place, defaults);
        RawType type = reader.type();
        if (place.table().isBits()) {
            Attributes.refuse(item, "has no meaning for table " + place.table().label(), "byteOrder", "wordOrder", "order",
                "half", "length", "scale", "offset");
            return Optional.empty();
        }
        ValueFormat format = reader.format(type);
        if (format.registers() > defaults.limits().maxRegisters()) {
            throw item.get("type").place().problem("a " + type.label() + " takes " + format.registers()
                + " registers, but maxRegisters of this device is " + defaults.limits().maxRegisters());
        }
        return Optional.of(format);
    }

    private RawType type() throws JsonException {
        boolean bit = place.bit().isPresent();
        Table table = place.table();
        if (!item.has("type")) {
            return table.isBits() || bit ? RawType.BOOL : RawType.UINT16;
        }
        RawType type =
            Attributes.choice(item, "type", RawType.ofLabel(item.text("type")), String.join(", ", RawType.labels()));
        if (table.isBits() && type != RawType.BOOL) {
            throw item.get("type").place().problem("a tag in table " + table.label() + " is a bool, not a " + type.label());
        }
        if (bit && type != RawType.BOOL) {
            throw item.get(item.has("bit") ? "bit" : "reference").place()
                .problem("only a bool is a bit of a register, not a " + type.label());
        }
        if (!table.isBits() && type == RawType.BOOL && !bit) {
            throw item.get("type").place().problem("a bool in table " + table.label() + " needs the attribute bit, 0 to 15");
        }
        return type;
    }

    private ValueFormat format(RawType type) throws JsonException {
        Order bytes = order("byteOrder", defaults.byteOrder());
        Order words = order("wordOrder", defaults.wordOrder());
        refuseWhatDoesNotFit(type);
        return switch (type) {
            case BOOL -> ValueFormat.bit(place.bit().getAsInt(), bytes);
            case TEXT -> ValueFormat.text((int) item.integer("length", 1, MAX_BYTES), bytes);
            case BYTES -> ValueFormat.bytes((int) item.integer("length", 1, MAX_BYTES), bytes);
            case INT8, UINT8 -> ValueFormat.half(type, isHigh(), bytes, scale(), item.number("offset", 0));
            default -> ValueFormat.number(type, sequence(type, bytes, words), scale(), item.number("offset", 0));
        };
    }

    private void refuseWhatDoesNotFit(RawType type) throws JsonException {
        if (!type.isNumber()) {
            Attributes.refuse(item, "is for numbers, not for a " + type.label(), "scale", "offset", "wordOrder", "order");
        }
        if (type.isNumber() || type == RawType.BOOL) {
            Attributes.refuse(item, "is for text and bytes, not for a " + type.label(), "length");
        }
        if (type.bytes() != 1) {
            Attributes.refuse(item, "is for int8 and uint8, not for a " + type.label(), "half");
        } else {
            Attributes.refuse(item, "is for more than one byte", "order", "wordOrder");
        }
        if (item.has("order")) {
            Attributes.refuse(item, "is said by order already", "byteOrder", "wordOrder");
        }
    }

    private ByteSequence sequence(RawType type, Order bytes, Order words) throws JsonException {
        if (!item.has("order")) {
            return ByteSequence.of(type.bytes(), bytes, words);
        }
        Json node = item.get("order");
        return ByteSequence.ofLetters(node.asText(), type.bytes()).orElseThrow(() -> node.place()
            .problem("must name the bytes of a " + type.label() + " in their order, each of "
                + "ABCDEFGH".substring(0, type.bytes()) + " once, A being the most significant; not " + node.describe()));
    }

    private boolean isHigh() throws JsonException {
        return item.has("half") && Attributes.choice(item, "half", switch (item.text("half")) {
            case "high" -> Optional.of(true);
            case "low" -> Optional.of(false);
            default -> Optional.empty();
        }, "low, high");
    }

    private double scale() throws JsonException {
        double scale = item.number("scale", 1);
        if (scale == 0) {
            throw item.get("scale").place().problem("must not be 0");
        }
        return scale;
    }

    private Order order(String name, Order otherwise) throws JsonException {
        return item.has(name) ? Attributes.choice(item, name, Order.ofLabel(item.text(name)), "big, little") : otherwise;
    }
}
