// SPDX-License-Identifier: Apache-2.0
package edge.runtime.computed;

import edge.api.value.DataType;
import edge.api.value.Value;
import java.util.Optional;

/** The result of an expression as the value of a tag. */
final class Conversion {

    private Conversion() {
    }

    /** The value of that type, integers rounded to the nearest (halves to the even one); empty if it does not fit. */
    static Optional<Value> to(DataType type, Value result) {
        if (Kind.of(result) != Kind.of(type)) {
            return Optional.empty();
        }
        return result instanceof Value.Real real ? number(type, real.value()) : Optional.of(result);
    }

    private static Optional<Value> number(DataType type, double number) {
        if (type == DataType.FLOAT64) {
            return Optional.of(Value.real(number));
        } else if (type == DataType.FLOAT32) {
            return Float.isFinite((float) number) ? Optional.of(Value.real((float) number)) : Optional.empty();
        }
        double whole = Math.rint(number);
        double limit = Math.scalb(1.0, type.isSigned() ? type.bits() - 1 : type.bits());
        if (whole >= limit || whole < (type.isSigned() ? -limit : 0)) {
            return Optional.empty();
        } else if (type.isSigned()) {
            return Optional.of(Value.signed((long) whole));
        }
        return Optional.of(Value.unsigned(whole < 0x1p63 ? (long) whole : (long) (whole - 0x1p63) | Long.MIN_VALUE));
    }
}
