// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus;

import edge.api.device.Quality;
import edge.api.device.Quality.Reason;
import edge.api.value.DataType;
import edge.api.value.Value;
import edge.json.Json;
import edge.json.JsonException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a number that was read means: within which bounds it is kept, and the texts that stand for numbers.
 *
 * @param low values below are replaced by it and marked UNCERTAIN
 * @param high values above are replaced by it and marked UNCERTAIN
 * @param texts by the number as a text; empty if the value is the number itself
 */
record Meaning(double low, double high, Map<String, String> texts) {

    /** The number itself. */
    static final Meaning PLAIN = new Meaning(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, Map.of());

    /** A value and how far it can be trusted. */
    record Interpreted(Value value, Quality quality) {
    }

    /** @param type of the value as it is read */
    static Meaning read(Json.Obj item, DataType type) throws JsonException {
        double low = Double.NEGATIVE_INFINITY;
        double high = Double.POSITIVE_INFINITY;
        if (item.has("clamp")) {
            Json node = item.get("clamp");
            List<Json> bounds = node.asArray();
            if (bounds.size() != 2 || bounds.get(0).asNumber() > bounds.get(1).asNumber()) {
                throw node.place().problem("must be the smallest and the greatest value, for example [0, 100]");
            }
            low = bounds.get(0).asNumber();
            high = bounds.get(1).asNumber();
            if (!isNumber(type)) {
                throw node.place().problem("clamp is for numbers, not for a " + type.label());
            } else if (!type.isReal() && (low != Math.rint(low) || high != Math.rint(high))) {
                throw node.place().problem("the bounds of a " + type.label() + " must be whole numbers");
            }
        }
        return new Meaning(low, high, texts(item, type));
    }

    private static boolean isNumber(DataType type) {
        return type.isSigned() || type.isUnsigned() || type.isReal();
    }

    private static Map<String, String> texts(Json.Obj item, DataType type) throws JsonException {
        if (!item.has("texts")) {
            return Map.of();
        }
        Json.Obj node = item.get("texts").asObject();
        if (!type.isSigned() && !type.isUnsigned()) {
            throw node.place().problem("texts are for whole numbers that are not scaled, not for a " + type.label());
        }
        if (item.has("clamp") || item.has("min") || item.has("max")) {
            throw node.place().problem("a tag with texts has no bounds");
        }
        Map<String, String> texts = new HashMap<>();
        for (Map.Entry<String, Json> entry : node.members().entrySet()) {
            if (!entry.getKey().matches("0|-?[1-9][0-9]{0,18}")) {
                throw entry.getValue().place().problem("'" + entry.getKey() + "' is not a whole number");
            }
            if (texts.containsValue(entry.getValue().asText())) {
                throw entry.getValue().place().problem("two numbers have this text; then it cannot be told which one is meant");
            }
            texts.put(entry.getKey(), entry.getValue().asText());
        }
        return Map.copyOf(texts);
    }

    /** The type of the tag, from that of the value as it is read. */
    DataType type(DataType read) {
        return texts.isEmpty() ? read : DataType.TEXT;
    }

    /** What a value that was read stands for. */
    Interpreted interpret(Value value) {
        if (value == Value.NONE) {
            return new Interpreted(value, Quality.bad(Reason.OUT_OF_RANGE, "the device's bits are no value of this type"));
        } else if (value instanceof Value.Real real && !Double.isFinite(real.value())) {
            return new Interpreted(value, Quality.bad(Reason.OUT_OF_RANGE, "the device's value is " + real.value()));
        } else if (!texts.isEmpty()) {
            String text = texts.get(value.toString());
            return text != null ? new Interpreted(Value.text(text), Quality.GOOD)
                : new Interpreted(Value.text(value.toString()), Quality.uncertain(Reason.OUT_OF_RANGE,
                    "the device's value " + value + " has no text in the configuration"));
        } else if (low == Double.NEGATIVE_INFINITY && high == Double.POSITIVE_INFINITY) {
            return new Interpreted(value, Quality.GOOD);
        }
        double number = ModbusTag.number(value);
        return number < low ? clamped(value, low) : number > high ? clamped(value, high)
            : new Interpreted(value, Quality.GOOD);
    }

    private static Interpreted clamped(Value value, double bound) {
        Value kept = value instanceof Value.Real ? Value.real(bound)
            : value instanceof Value.Signed ? Value.signed((long) bound) : Value.unsigned((long) bound);
        return new Interpreted(kept, Quality.uncertain(Reason.OUT_OF_RANGE, "the device's value is " + value));
    }

    /**
     * The number that a value to be written stands for.
     *
     * @param type of the number
     * @throws IllegalArgumentException if it stands for none
     */
    Value undo(Value value, DataType type) {
        if (texts.isEmpty()) {
            return value;
        }
        for (Map.Entry<String, String> entry : texts.entrySet()) {
            if (value instanceof Value.Text text && text.value().equals(entry.getValue())) {
                return type.isSigned() ? Value.signed(Long.parseLong(entry.getKey()))
                    : Value.unsigned(Long.parseUnsignedLong(entry.getKey()));
            }
        }
        throw new IllegalArgumentException("'" + value + "' is none of the texts " + String.join(", ", texts.values()));
    }
}
