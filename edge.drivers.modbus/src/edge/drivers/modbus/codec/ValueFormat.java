// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.codec;

import edge.api.value.DataType;
import edge.api.value.Value;
import java.nio.ByteBuffer;

/**
 * How a value lies in one or more registers: a bit, an integer of 16, 32 or 64 bits or an IEEE 754 number, in any order of
 * bytes and words, scaled or not. Immutable.
 *
 * <p>The four usual orders of a 32-bit number ABCD: {@code ABCD} is big/big, {@code CDAB} big bytes and little words,
 * {@code BADC} little bytes and big words, {@code DCBA} little/little.
 */
public final class ValueFormat {
    private final DataType raw;
    private final boolean swapBytes;
    private final boolean lowWordFirst;
    private final int bit;
    private final boolean scaled;
    private final double scale;
    private final double divisor;
    private final double offset;

    private ValueFormat(DataType raw, Order bytes, Order words, int bit, double scale, double offset) {
        this.raw = raw;
        this.swapBytes = bytes == Order.LITTLE;
        this.lowWordFirst = words == Order.LITTLE;
        this.bit = bit;
        this.scaled = scale != 1 || offset != 0;
        this.scale = scale;
        this.divisor = divisor(scale);
        this.offset = offset;
    }

    /** A bit of a register, 0 being the least significant. */
    public static ValueFormat bit(int bit, Order bytes) {
        if (bit < 0 || bit > 15) {
            throw new IllegalArgumentException("bit must be 0 to 15, not " + bit);
        }
        return new ValueFormat(DataType.BOOL, bytes, Order.BIG, bit, 1, 0);
    }

    /**
     * A number; its value is {@code raw * scale + offset}.
     *
     * @param raw how it lies in the registers: an integer of 16, 32 or 64 bits, or a real
     * @param scale not 0; 1 and an offset of 0 leave the type as it is, anything else makes it a float64
     */
    public static ValueFormat number(DataType raw, Order bytes, Order words, double scale, double offset) {
        if (raw.bits() < 16) {
            throw new IllegalArgumentException(raw.label() + " is no number in whole registers");
        }
        if (scale == 0 || !Double.isFinite(scale) || !Double.isFinite(offset)) {
            throw new IllegalArgumentException("scale must not be 0, scale and offset must be finite");
        }
        return new ValueFormat(raw, bytes, words, 0, scale, offset);
    }

    /** 10 for a scale of 0.1: dividing by a whole number is exact where multiplying by its inverse is not. */
    private static double divisor(double scale) {
        double inverse = Math.rint(1 / scale);
        return Math.abs(inverse) > 1 && 1 / inverse == scale ? inverse : 0;
    }

    /** The type of the value after scaling. */
    public DataType type() {
        return scaled ? DataType.FLOAT64 : raw;
    }

    /** How many registers it takes. */
    public int registers() {
        return raw == DataType.BOOL ? 1 : raw.bits() / 16;
    }

    /**
     * The value.
     *
     * @param data registers as on the wire, big endian
     * @param index of the first byte of the first register
     */
    public Value decode(ByteBuffer data, int index) {
        long bits = bits(data, index);
        if (raw == DataType.BOOL) {
            return Value.of((bits >> bit & 1) != 0);
        }
        if (raw.isReal()) {
            double number = raw == DataType.FLOAT32 ? Float.intBitsToFloat((int) bits) : Double.longBitsToDouble(bits);
            return Value.real(scaled ? scale(number) : number);
        }
        if (raw.isUnsigned()) {
            return scaled ? Value.real(scale(unsignedToDouble(bits))) : Value.unsigned(bits);
        }
        long number = bits << 64 - raw.bits() >> 64 - raw.bits();
        return scaled ? Value.real(scale(number)) : Value.signed(number);
    }

    private long bits(ByteBuffer data, int index) {
        long bits = 0;
        int count = registers();
        for (int i = 0; i < count; i++) {
            short word = data.getShort(index + 2 * i);
            long unsigned = (swapBytes ? Short.reverseBytes(word) : word) & 0xffffL;
            bits = lowWordFirst ? bits | unsigned << 16 * i : bits << 16 | unsigned;
        }
        return bits;
    }

    private double scale(double number) {
        return (divisor != 0 ? number / divisor : number * scale) + offset;
    }

    private static double unsignedToDouble(long bits) {
        if (bits >= 0) {
            return bits;
        }
        // Halve, keeping the bit that is shifted out sticky so that rounding is right, then double.
        return (double) (bits >>> 1 | bits & 1) * 2;
    }

    /**
     * The registers of a value, as on the wire.
     *
     * @throws IllegalArgumentException if the value does not fit; the message says why in a few words
     */
    public byte[] encode(Value value) {
        if (raw == DataType.BOOL) {
            throw new IllegalArgumentException("a single bit of a register cannot be written");
        }
        long bits = scaled ? unscaled(real(value)) : plain(value);
        int count = registers();
        ByteBuffer out = ByteBuffer.allocate(2 * count);
        for (int i = 0; i < count; i++) {
            short word = (short) (bits >>> 16 * (lowWordFirst ? i : count - 1 - i));
            out.putShort(swapBytes ? Short.reverseBytes(word) : word);
        }
        return out.array();
    }

    private static double real(Value value) {
        if (value instanceof Value.Real real && Double.isFinite(real.value())) {
            return real.value();
        }
        throw new IllegalArgumentException(value + " is not a finite number");
    }

    private long unscaled(double value) {
        double number = divisor != 0 ? (value - offset) * divisor : (value - offset) / scale;
        if (raw.isReal()) {
            return realBits(number);
        }
        double whole = Math.rint(number);
        double limit = Math.scalb(1.0, raw.isSigned() ? raw.bits() - 1 : raw.bits());
        if (whole < (raw.isSigned() ? -limit : 0) || whole >= limit) {
            throw new IllegalArgumentException(value + " is " + whole + " before scaling, which does not fit into a "
                + raw.label());
        }
        return whole >= 0x1p63 ? (long) (whole - 0x1p63) ^ Long.MIN_VALUE : (long) whole;
    }

    private long plain(Value value) {
        if (raw.isReal()) {
            return realBits(real(value));
        }
        boolean fits;
        long bits;
        if (value instanceof Value.Signed signed && raw.isSigned()) {
            bits = signed.value();
            fits = bits == bits << 64 - raw.bits() >> 64 - raw.bits();
        } else if (value instanceof Value.Unsigned unsigned && raw.isUnsigned()) {
            bits = unsigned.bits();
            fits = bits == bits << 64 - raw.bits() >>> 64 - raw.bits();
        } else {
            throw new IllegalArgumentException(value + " is not of type " + raw.label());
        }
        if (!fits) {
            throw new IllegalArgumentException(value + " does not fit into a " + raw.label());
        }
        return bits;
    }

    private long realBits(double number) {
        if (raw == DataType.FLOAT64) {
            return Double.doubleToRawLongBits(number);
        }
        float single = (float) number;
        if (Float.isInfinite(single)) {
            throw new IllegalArgumentException(number + " does not fit into a float32");
        }
        return Float.floatToRawIntBits(single) & 0xffffffffL;
    }
}
