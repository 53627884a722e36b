// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.codec;

/** The exception codes of the application protocol, section 7. */
public enum ExceptionCode {
    ILLEGAL_FUNCTION(1, "illegal function", "the device does not know this function; check the table"),
    ILLEGAL_DATA_ADDRESS(2, "illegal data address",
        "the device has no such address; check table, address and addressBase"),
    ILLEGAL_DATA_VALUE(3, "illegal data value", "the device refuses this value or this many registers; check maxRegisters"),
    SERVER_DEVICE_FAILURE(4, "server device failure", "the device failed at it; look at its own diagnosis"),
    ACKNOWLEDGE(5, "acknowledge", "the device needs longer for it"),
    SERVER_DEVICE_BUSY(6, "server device busy", "the device is busy; a longer period may help"),
    MEMORY_PARITY_ERROR(8, "memory parity error", "the device's memory is damaged"),
    GATEWAY_PATH_UNAVAILABLE(10, "gateway path unavailable",
        "the Modbus gateway has no way to this unit; check unit and the gateway's routes"),
    GATEWAY_TARGET_FAILED(11, "gateway target device failed to respond",
        "the unit behind the Modbus gateway does not answer; check unit, wiring and power");

    private final int code;
    private final String label;
    private final String remedy;

    ExceptionCode(int code, String label, String remedy) {
        this.code = code;
        this.label = label;
        this.remedy = remedy;
    }

    public int code() {
        return code;
    }

    /** A code in words, with what to check: {@code exception 02 (illegal data address): the device has ...}. */
    public static String describe(int code) {
        for (ExceptionCode known : values()) {
            if (known.code == code) {
                return String.format("exception %02d (%s): %s", code, known.label, known.remedy);
            }
        }
        return String.format("exception %02d, which the Modbus standard does not know; see the device's manual", code);
    }
}
