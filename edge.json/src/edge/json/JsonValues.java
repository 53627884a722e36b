// SPDX-License-Identifier: Apache-2.0
package edge.json;

import edge.api.value.DataType;
import edge.api.value.Value;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HexFormat;

/** Reads typed values from JSON: the reverse of {@link JsonWriter#value}. */
public final class JsonValues {

    private JsonValues() {
    }

    /**
     * The value of that type.
     *
     * @throws JsonException if the node is not of that type or outside of its range
     */
    public static Value read(Json node, DataType type) throws JsonException {
        if (type == DataType.BOOL) {
            return Value.of(node.asBool());
        } else if (type == DataType.TEXT) {
            return Value.text(node.asText());
        } else if (type == DataType.BYTES) {
            try {
                return Value.bytes(HexFormat.of().parseHex(node.asText()));
            } catch (IllegalArgumentException e) {
                throw node.place().problem("must be bytes in hexadecimal, two digits each, not " + node.describe());
            }
        } else if (type.isReal()) {
            double value = node.asNumber();
            if (type == DataType.FLOAT32 && Float.isInfinite((float) value)) {
                throw node.place().problem("does not fit into a " + type.label() + ": " + node.describe());
            }
            return Value.real(value);
        }
        return integer(node, type);
    }

    private static Value integer(Json node, DataType type) throws JsonException {
        BigInteger min = type.isSigned() ? BigInteger.ONE.shiftLeft(type.bits() - 1).negate() : BigInteger.ZERO;
        BigInteger max = BigInteger.ONE.shiftLeft(type.isSigned() ? type.bits() - 1 : type.bits())
            .subtract(BigInteger.ONE);
        BigDecimal number = null;
        if (node instanceof Json.Num num) {
            number = num.value();
        } else if (node instanceof Json.Text text && text.value().matches("-?[0-9]{1,20}")) {
            number = new BigDecimal(text.value());
        }
        if (number == null || number.compareTo(new BigDecimal(min)) < 0 || number.compareTo(new BigDecimal(max)) > 0
            || number.stripTrailingZeros().scale() > 0) {
            throw node.place().problem("must be a whole number from " + min + " to " + max + " (" + type.label()
                + "), not " + node.describe());
        }
        long bits = number.toBigInteger().longValue();
        return type.isSigned() ? Value.signed(bits) : Value.unsigned(bits);
    }
}
