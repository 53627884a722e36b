// SPDX-License-Identifier: Apache-2.0
package edge.runtime.scan;

import edge.api.value.DataType;
import edge.api.value.Value;

/** Which values a tag of a type can hold, and how far two of them are apart. */
final class Values {

    private Values() {
    }

    /** Whether the value is of that type and within its range. {@link Value#NONE} fits no type. */
    static boolean fits(Value value, DataType type) {
        if (value instanceof Value.Real real) {
            return type == DataType.FLOAT64
                || type == DataType.FLOAT32 && (!Double.isFinite(real.value()) || Float.isFinite((float) real.value()));
        } else if (value instanceof Value.Signed signed) {
            return type.isSigned() && fitsSigned(signed.value(), type.bits());
        } else if (value instanceof Value.Unsigned unsigned) {
            return type.isUnsigned() && (type.bits() == 64 || unsigned.bits() >>> type.bits() == 0);
        } else if (value instanceof Value.Bool) {
            return type == DataType.BOOL;
        } else if (value instanceof Value.Text) {
            return type == DataType.TEXT;
        }
        return value instanceof Value.Bytes && type == DataType.BYTES;
    }

    /** Whether the value is a number that is not finite. */
    static boolean isNotFinite(Value value) {
        return value instanceof Value.Real real && !Double.isFinite(real.value());
    }

    /** The value as a number, rounded to a double where it is a greater integer; 0 for what is no number. */
    static double number(Value value) {
        if (value instanceof Value.Real real) {
            return real.value();
        } else if (value instanceof Value.Signed signed) {
            return signed.value();
        }
        return value instanceof Value.Unsigned unsigned ? unsigned(unsigned.bits()) : 0;
    }

    /** Whether two values differ by more than a deadband; not being a number does not differ from itself. */
    static boolean differ(Value a, Value b, double deadband) {
        if (a == b) {
            return false;
        } else if (a instanceof Value.Real x && b instanceof Value.Real y) {
            return differ(x.value(), y.value(), deadband);
        } else if (a instanceof Value.Signed x && b instanceof Value.Signed y) {
            return x.value() != y.value()
                && (deadband == 0 || Math.abs((double) x.value() - (double) y.value()) > deadband);
        } else if (a instanceof Value.Unsigned x && b instanceof Value.Unsigned y) {
            return x.bits() != y.bits()
                && (deadband == 0 || Math.abs(unsigned(x.bits()) - unsigned(y.bits())) > deadband);
        }
        return !a.equals(b);
    }

    private static boolean differ(double a, double b, double deadband) {
        if (a == b || Double.isNaN(a) && Double.isNaN(b)) {
            return false;
        }
        double distance = Math.abs(a - b);
        return Double.isNaN(distance) || distance > deadband;
    }

    private static boolean fitsSigned(long value, int bits) {
        int unused = 64 - bits;
        return value << unused >> unused == value;
    }

    private static double unsigned(long bits) {
        double value = bits & Long.MAX_VALUE;
        return bits < 0 ? value + 0x1p63 : value;
    }
}
