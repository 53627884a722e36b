// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.codec;

import edge.api.value.DataType;
import edge.api.value.Value;
import java.nio.ByteBuffer;

/** An integer, decimal digits or an IEEE 754 number, in any order of its bytes, scaled or not. */
final class NumberFormat implements ValueFormat {
    private final RawType raw;
    private final ByteSequence order;
    private final int first;
    private final Scaling scaling;
    private final boolean scaled;

    /** @param first the position of its first byte in its first register */
    NumberFormat(RawType raw, ByteSequence order, int first, Scaling scaling) {
        if (!raw.isNumber() || raw.bytes() != order.length()) {
            throw new IllegalArgumentException(raw.label() + " is no number of " + order.length() + " bytes");
        }
        this.raw = raw;
        this.order = order;
        this.first = first;
        this.scaling = scaling;
        scaled = !scaling.isNone();
    }

    @Override
    public DataType type() {
        return scaled ? DataType.FLOAT64 : raw.type();
    }

    @Override
    public int registers() {
        return (raw.bytes() + 1) / 2;
    }

    @Override
    public int mask() {
        return raw.bytes() > 1 ? WHOLE : first == 0 ? 0xff00 : 0xff;
    }

    private int bits() {
        return 8 * raw.bytes();
    }

    @Override
    public Value decode(ByteBuffer data, int index) {
        long bits = 0;
        for (int i = 0; i < raw.bytes(); i++) {
            bits |= (data.get(index + first + i) & 0xffL) << order.shift(i);
        }
        if (raw.isBcd()) {
            long digits = Bcd.decode(bits);
            return digits < 0 ? Value.NONE : scaled ? Value.real(scaling.apply(digits)) : Value.unsigned(digits);
        }
        if (raw.type().isReal()) {
            double number = real(bits);
            return Value.real(scaled ? scaling.apply(number) : number);
        }
        if (raw.type().isUnsigned()) {
            return scaled ? Value.real(scaling.apply(unsignedToDouble(bits))) : Value.unsigned(bits);
        }
        long number = bits << 64 - bits() >> 64 - bits();
        return scaled ? Value.real(scaling.apply(number)) : Value.signed(number);
    }

    private double real(long bits) {
        return switch (raw) {
            case FLOAT16 -> Half.toFloat((int) bits);
            case FLOAT32 -> Float.intBitsToFloat((int) bits);
            default -> Double.longBitsToDouble(bits);
        };
    }

    private static double unsignedToDouble(long bits) {
        if (bits >= 0) {
            return bits;
        }
        // Halve, keeping the bit that is shifted out sticky so that rounding is right, then double.
        return (double) (bits >>> 1 | bits & 1) * 2;
    }

    @Override
    public byte[] encode(Value value) {
        long bits = scaled ? unscaled(real(value)) : plain(value);
        byte[] out = new byte[2 * registers()];
        for (int i = 0; i < raw.bytes(); i++) {
            out[first + i] = (byte) (bits >>> order.shift(i));
        }
        return out;
    }

    private static double real(Value value) {
        if (value instanceof Value.Real real && Double.isFinite(real.value())) {
            return real.value();
        }
        throw new IllegalArgumentException(value + " is not a finite number");
    }

    private long unscaled(double value) {
        double number = scaling.undo(value);
        if (raw.type().isReal()) {
            return realBits(number);
        }
        double whole = Math.rint(number);
        if (raw.isBcd()) {
            if (whole < 0 || whole > Bcd.max(raw.bytes())) {
                throw doesNotFit(value + " is " + whole + " before scaling, which");
            }
            return Bcd.encode((long) whole);
        }
        double limit = Math.scalb(1.0, raw.type().isSigned() ? bits() - 1 : bits());
        if (whole < (raw.type().isSigned() ? -limit : 0) || whole >= limit) {
            throw doesNotFit(value + " is " + whole + " before scaling, which");
        }
        return whole >= 0x1p63 ? (long) (whole - 0x1p63) ^ Long.MIN_VALUE : (long) whole;
    }

    private IllegalArgumentException doesNotFit(String what) {
        return new IllegalArgumentException(what + " does not fit into a " + raw.label());
    }

    private long plain(Value value) {
        if (raw.type().isReal()) {
            return realBits(real(value));
        }
        boolean fits;
        long bits;
        if (value instanceof Value.Signed signed && raw.type().isSigned()) {
            bits = signed.value();
            fits = bits == bits << 64 - bits() >> 64 - bits();
        } else if (value instanceof Value.Unsigned unsigned && raw.type().isUnsigned()) {
            bits = unsigned.bits();
            fits = raw.isBcd() ? bits >= 0 && bits <= Bcd.max(raw.bytes()) : bits == bits << 64 - bits() >>> 64 - bits();
        } else {
            throw new IllegalArgumentException(value + " is not of type " + raw.type().label());
        }
        if (!fits) {
            throw doesNotFit(value.toString());
        }
        return raw.isBcd() ? Bcd.encode(bits) : bits;
    }

    private long realBits(double number) {
        if (raw == RawType.FLOAT64) {
            return Double.doubleToRawLongBits(number);
        }
        float single = (float) number;
        if (Float.isInfinite(single) || raw == RawType.FLOAT16 && Math.abs(number) > Half.MAX) {
            throw doesNotFit(Double.toString(number));
        }
        return raw == RawType.FLOAT16 ? Half.toBits(number) : Float.floatToRawIntBits(single) & 0xffffffffL;
    }
}
