// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.codec;

import java.util.Optional;

/** The function codes in use (application protocol, 6.1 to 6.6, 6.11, 6.12, 6.16, 6.17, 6.21). */
public enum FunctionCode {
    READ_COILS(1, 2000),
    READ_DISCRETE_INPUTS(2, 2000),
    READ_HOLDING_REGISTERS(3, 125),
    READ_INPUT_REGISTERS(4, 125),
    WRITE_SINGLE_COIL(5, 1),
    WRITE_SINGLE_REGISTER(6, 1),
    WRITE_MULTIPLE_COILS(15, 1968),
    WRITE_MULTIPLE_REGISTERS(16, 123),
    /** Sets and clears single bits of a holding register. */
    MASK_WRITE_REGISTER(22, 1),
    /** Writes holding registers, then reads some. */
    READ_WRITE_REGISTERS(23, 125),
    /** Encapsulated interface, of which MEI type 14 is in use: reading the device's identification. */
    READ_DEVICE_IDENTIFICATION(43, 1);

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

    /** Whether its answer carries bits or registers. */
    public boolean isRead() {
        return code <= 4 || this == READ_WRITE_REGISTERS;
    }

    /** Whether it changes the device. */
    public boolean isWrite() {
        return code > 4 && this != READ_DEVICE_IDENTIFICATION;
    }

    /** Whether it is about bits rather than registers. */
    public boolean isBits() {
        return this == READ_COILS || this == READ_DISCRETE_INPUTS || this == WRITE_SINGLE_COIL
            || this == WRITE_MULTIPLE_COILS;
    }

    /** The table it reads or writes; for the identification, which is about none, that of holding registers. */
    public Table table() {
        return switch (this) {
            case READ_COILS, WRITE_SINGLE_COIL, WRITE_MULTIPLE_COILS -> Table.COIL;
            case READ_DISCRETE_INPUTS -> Table.DISCRETE;
            case READ_INPUT_REGISTERS -> Table.INPUT;
            case READ_HOLDING_REGISTERS, WRITE_SINGLE_REGISTER, WRITE_MULTIPLE_REGISTERS, MASK_WRITE_REGISTER,
                READ_WRITE_REGISTERS, READ_DEVICE_IDENTIFICATION -> Table.HOLDING;
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
