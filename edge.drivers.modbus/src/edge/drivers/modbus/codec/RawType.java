// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.codec;

import edge.api.value.DataType;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How a value lies in registers. */
public enum RawType {
    /** A bit of a register. */
    BOOL(0, DataType.BOOL),
    /** One half of a register. */
    INT8(1, DataType.INT8), UINT8(1, DataType.UINT8),
    INT16(2, DataType.INT16), UINT16(2, DataType.UINT16),
    INT32(4, DataType.INT32), UINT32(4, DataType.UINT32),
    INT64(8, DataType.INT64), UINT64(8, DataType.UINT64),
    /** IEEE 754 binary16. */
    FLOAT16(2, DataType.FLOAT32),
    FLOAT32(4, DataType.FLOAT32), FLOAT64(8, DataType.FLOAT64),
    /** Decimal digits, four bits each: 4, 8 or 16 of them. */
    BCD16(2, DataType.UINT16), BCD32(4, DataType.UINT32), BCD64(8, DataType.UINT64),
    /** Characters, two in a register. */
    TEXT(0, DataType.TEXT),
    BYTES(0, DataType.BYTES);

    private final int bytes;
    private final DataType type;

    RawType(int bytes, DataType type) {
        this.bytes = bytes;
        this.type = type;
    }

    /** How many bytes it has; 0 for those without a fixed width. */
    public int bytes() {
        return bytes;
    }

    /** The type of its value when it is not scaled. */
    public DataType type() {
        return type;
    }

    public boolean isNumber() {
        return bytes > 0;
    }

    boolean isBcd() {
        return this == BCD16 || this == BCD32 || this == BCD64;
    }

    /** The name in configuration files: {@code uint16}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<RawType> ofLabel(String label) {
        return Arrays.stream(values()).filter(type -> type.label().equals(label)).findFirst();
    }

    /** The names of all. */
    public static List<String> labels() {
        return Arrays.stream(values()).map(RawType::label).toList();
    }
}
