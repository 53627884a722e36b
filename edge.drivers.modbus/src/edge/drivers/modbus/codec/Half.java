// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.codec;

/** IEEE 754 binary16: 1 bit of sign, 5 of exponent, 10 of fraction. */
final class Half {
    /** The greatest finite one. */
    static final double MAX = 65504;

    private static final int FRACTION = 10;
    private static final int BIAS = 15;
    private static final int SPECIAL = 31;

    private Half() {
    }

    static float toFloat(int bits) {
        int exponent = bits >> FRACTION & SPECIAL;
        int fraction = bits & (1 << FRACTION) - 1;
        float sign = (bits & 0x8000) == 0 ? 1 : -1;
        if (exponent == SPECIAL) {
            return fraction == 0 ? sign * Float.POSITIVE_INFINITY : Float.NaN;
        }
        return exponent == 0 ? sign * Math.scalb((float) fraction, 1 - BIAS - FRACTION)
            : sign * Math.scalb((float) (fraction + (1 << FRACTION)), exponent - BIAS - FRACTION);
    }

    /** The nearest half of a number that is not above {@link #MAX}; of two, the even one. */
    static int toBits(double number) {
        int sign = Double.doubleToRawLongBits(number) < 0 ? 0x8000 : 0;
        double magnitude = Math.abs(number);
        if (magnitude == 0) {
            return sign;
        }
        int exponent = Math.max(Math.getExponent(magnitude), 1 - BIAS);
        // A fraction that is rounded up to a whole carries into the exponent by itself.
        int fraction = (int) Math.rint(Math.scalb(magnitude, FRACTION - exponent));
        return sign | (exponent + BIAS - 1 << FRACTION) + fraction;
    }
}
