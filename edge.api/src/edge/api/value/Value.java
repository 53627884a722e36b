// SPDX-License-Identifier: Apache-2.0
package edge.api.value;

import java.util.Arrays;
import java.util.HexFormat;

/** One typed value. Immutable; equality is by type and content. */
public sealed interface Value {

    /** There is no value: nothing was ever read, or the reading is BAD and the driver knows none. */
    record None() implements Value {
        @Override
        public String toString() {
            return "none";
        }
    }

    record Bool(boolean value) implements Value {
        @Override
        public String toString() {
            return Boolean.toString(value);
        }
    }

    /** A two's complement integer of up to 64 bits. */
    record Signed(long value) implements Value {
        @Override
        public String toString() {
            return Long.toString(value);
        }
    }

    /** An unsigned integer of up to 64 bits, held in the bits of a {@code long}. */
    record Unsigned(long bits) implements Value {
        @Override
        public String toString() {
            return Long.toUnsignedString(bits);
        }
    }

    /** A binary64; a binary32 is widened exactly. May be NaN or infinite: whoever writes JSON must say so. */
    record Real(double value) implements Value {
        @Override
        public String toString() {
            return Double.toString(value);
        }
    }

    record Text(String value) implements Value {
        @Override
        public String toString() {
            return value;
        }
    }

    /** Raw bytes. The array is copied in and out. */
    record Bytes(byte[] value) implements Value {
        public Bytes {
            value = value.clone();
        }

        @Override
        public byte[] value() {
            return value.clone();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Bytes bytes && Arrays.equals(value, bytes.value);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(value);
        }

        @Override
        public String toString() {
            return HexFormat.of().formatHex(value);
        }
    }

    /** The only instance anybody needs of {@link None}. */
    Value NONE = new None();
    Value TRUE = new Bool(true);
    Value FALSE = new Bool(false);

    static Value of(boolean value) {
        return value ? TRUE : FALSE;
    }

    static Value signed(long value) {
        return new Signed(value);
    }

    static Value unsigned(long bits) {
        return new Unsigned(bits);
    }

    static Value real(double value) {
        return new Real(value);
    }

    static Value text(String value) {
        return new Text(value);
    }

    static Value bytes(byte[] value) {
        return new Bytes(value);
    }
}
