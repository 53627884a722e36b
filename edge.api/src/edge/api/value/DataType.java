// SPDX-License-Identifier: Apache-2.0
package edge.api.value;

import java.util.Locale;
import java.util.Optional;

/** The type of a tag's value. Integer types name their width in bits. */
public enum DataType {
    /** True or false. */
    BOOL,
    INT8, INT16, INT32, INT64,
    UINT8, UINT16, UINT32, UINT64,
    /** IEEE 754 binary32. */
    FLOAT32,
    /** IEEE 754 binary64. */
    FLOAT64,
    /** Unicode text. */
    TEXT,
    /** Uninterpreted bytes. */
    BYTES;

    /** The name used in configuration files and JSON: lower case, for example {@code uint16}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The type with that {@link #label()}, or empty if there is none. */
    public static Optional<DataType> ofLabel(String label) {
        for (DataType type : values()) {
            if (type.label().equals(label)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    public boolean isSigned() {
        return this == INT8 || this == INT16 || this == INT32 || this == INT64;
    }

    public boolean isUnsigned() {
        return this == UINT8 || this == UINT16 || this == UINT32 || this == UINT64;
    }

    public boolean isReal() {
        return this == FLOAT32 || this == FLOAT64;
    }

    /** Width in bits, 0 for types without a fixed width. */
    public int bits() {
        return switch (this) {
            case BOOL -> 1;
            case INT8, UINT8 -> 8;
            case INT16, UINT16 -> 16;
            case INT32, UINT32, FLOAT32 -> 32;
            case INT64, UINT64, FLOAT64 -> 64;
            case TEXT, BYTES -> 0;
        };
    }
}
