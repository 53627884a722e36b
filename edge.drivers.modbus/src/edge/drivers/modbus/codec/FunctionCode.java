// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.codec;

import java.util.Optional;

/** The function codes in use (application protocol, 6.1 to 6.6, 6.11, 6.12). */
public enum FunctionCode {
    READ_COILS(1, 2000),
    READ_DISCRETE_INPUTS(2, 2000),
    READ_HOLDING_REGISTERS(3, 125),
    READ_INPUT_REGISTERS(4, 125),
    WRITE_SINGLE_COIL(5, 1),
    WRITE_SINGLE_REGISTER(6, 1),
    WRITE_MULTIPLE_COILS(15, 1968),
    WRITE_MULTIPLE_REGISTERS(16, 123);

    private final int code;
    private final int maxQuantity;

    FunctionCode(int code, int maxQuantity) {
        this.code = code;
        this.maxQuantity = maxQuantity;
    }

    public int code() {
        return code;
    }

    /** How many bits or registers one request may name. */
    public int maxQuantity() {
        return maxQuantity;
    }

    public boolean isRead() {
        return code <= 4;
    }

    /** Whether it is about bits rather than registers. */
    public boolean isBits() {
        return this == READ_COILS || this == READ_DISCRETE_INPUTS || this == WRITE_SINGLE_COIL
            || this == WRITE_MULTIPLE_COILS;
    }

    /** The table it reads or writes. */
    public Table table() {
        return switch (this) {
            case READ_COILS, WRITE_SINGLE_COIL, WRITE_MULTIPLE_COILS -> Table.COIL;
            case READ_DISCRETE_INPUTS -> Table.DISCRETE;
            case READ_INPUT_REGISTERS -> Table.INPUT;
            case READ_HOLDING_REGISTERS, WRITE_SINGLE_REGISTER, WRITE_MULTIPLE_REGISTERS -> Table.HOLDING;
        };
    }

    public static Optional<FunctionCode> ofCode(int code) {
        for (FunctionCode function : values()) {
            if (function.code == code) {
                return Optional.of(function);
            }
        }
        return Optional.empty();
    }
}
