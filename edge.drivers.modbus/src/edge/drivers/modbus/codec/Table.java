// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.codec;

import java.util.Locale;
import java.util.Optional;

/** One of the four address spaces of a Modbus device (application protocol, 4.3). Addresses are 0 to 65535 in each. */
public enum Table {
    /** Bits that can be read and written. */
    COIL(FunctionCode.READ_COILS, '0'),
    /** Bits that can only be read. */
    DISCRETE(FunctionCode.READ_DISCRETE_INPUTS, '1'),
    /** 16-bit registers that can only be read. */
    INPUT(FunctionCode.READ_INPUT_REGISTERS, '3'),
    /** 16-bit registers that can be read and written. */
    HOLDING(FunctionCode.READ_HOLDING_REGISTERS, '4');

    /** The number of addresses in a table. */
    public static final int SIZE = 65536;

    private final FunctionCode readFunction;
    private final char referenceDigit;

    Table(FunctionCode readFunction, char referenceDigit) {
        this.readFunction = readFunction;
        this.referenceDigit = referenceDigit;
    }

    public FunctionCode readFunction() {
        return readFunction;
    }

    /** Whether it holds bits rather than registers. */
    public boolean isBits() {
        return this == COIL || this == DISCRETE;
    }

    public boolean isWritable() {
        return this == COIL || this == HOLDING;
    }

    /** The most that one request can read: 2000 bits or 125 registers. */
    public int maxRead() {
        return readFunction.maxQuantity();
    }

    /** The name in configuration files: {@code coil}, {@code discrete}, {@code input}, {@code holding}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The table with that {@link #label()}. */
    public static Optional<Table> ofLabel(String label) {
        for (Table table : values()) {
            if (table.label().equals(label)) {
                return Optional.of(table);
            }
        }
        return Optional.empty();
    }

    /** The table that a reference such as {@code 40001} means by its first digit. */
    public static Optional<Table> ofReferenceDigit(char digit) {
        for (Table table : values()) {
            if (table.referenceDigit == digit) {
                return Optional.of(table);
            }
        }
        return Optional.empty();
    }
}
