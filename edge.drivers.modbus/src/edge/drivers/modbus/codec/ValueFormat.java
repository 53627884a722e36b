// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.codec;

import edge.api.value.DataType;
import edge.api.value.Value;
import java.nio.ByteBuffer;

/** How a value lies in one or more registers. Implementations are immutable. */
public interface ValueFormat {
    int WHOLE = 0xffff;

    /** The type of the value. */
    DataType type();

    /** How many registers it takes. */
    int registers();

    /**
     * The value.
     *
     * @param data registers as on the wire, big endian
     * @param index of the first byte of the first register
     * @return {@link Value#NONE} if the bits are no value of this format
     */
    Value decode(ByteBuffer data, int index);

    /**
     * The registers of a value, as on the wire.
     *
     * @throws IllegalArgumentException if the value does not fit; the message says why in a few words
     */
    byte[] encode(Value value);

    /** Which bits of its registers belong to it: all, or those of a value that shares its only register with others. */
    default int mask() {
        return WHOLE;
    }

    /** A bit of a register, 0 being the least significant. */
    static ValueFormat bit(int bit, Order bytes) {
        return new BitFormat(bit, bytes);
    }

    /**
     * A number; its value is {@code raw * scale + offset}.
     *
     * @param scale not 0; 1 and an offset of 0 leave the type as it is, anything else makes it a float64
     */
    static ValueFormat number(RawType raw, Order bytes, Order words, double scale, double offset) {
        if (raw.bytes() < 2) {
            throw new IllegalArgumentException(raw.label() + " is no number in whole registers");
        }
        return new NumberFormat(raw, ByteSequence.of(raw.bytes(), bytes, words), 0, new Scaling(scale, offset));
    }

    /** As {@link #number}, with the order of each byte. */
    static ValueFormat number(RawType raw, ByteSequence order, double scale, double offset) {
        return new NumberFormat(raw, order, 0, new Scaling(scale, offset));
    }

    /**
     * A number of 8 bits in one half of a register.
     *
     * @param high whether it is the more significant half
     */
    static ValueFormat half(RawType raw, boolean high, Order bytes, double scale, double offset) {
        boolean first = high == (bytes == Order.BIG);
        return new NumberFormat(raw, ByteSequence.ofLetters("A", 1).orElseThrow(), first ? 0 : 1, new Scaling(scale, offset));
    }

    /** A text of so many bytes, in UTF-8, which has ASCII in it; it ends before the first zero. */
    static ValueFormat text(int bytes, Order order) {
        return new BytesFormat(DataType.TEXT, bytes, order);
    }

    /** So many bytes as they are. */
    static ValueFormat bytes(int bytes, Order order) {
        return new BytesFormat(DataType.BYTES, bytes, order);
    }
}
