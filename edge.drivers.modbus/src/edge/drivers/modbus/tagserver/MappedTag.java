// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.tagserver;

import edge.api.device.Reading;
import edge.api.device.TagState;
import edge.api.device.TagTable;
import edge.api.value.DataType;
import edge.api.value.Value;
import edge.drivers.modbus.codec.ExceptionCode;
import edge.drivers.modbus.codec.ExceptionResponse;
import edge.drivers.modbus.codec.Table;
import edge.drivers.modbus.codec.ValueFormat;
import java.util.Optional;

/**
 * A tag and where clients find it.
 *
 * @param table the table
 * @param address of its bit or first register, from 0
 * @param length how many bits or registers it takes
 * @param what its value, or whether its quality is GOOD
 * @param type as which it lies in registers; BOOL in a table of bits
 * @param format how it lies in registers; empty in a table of bits
 * @param scaled whether the format scales, so that it takes reals
 */
record MappedTag(String device, String tag, Table table, int address, int length, What what, DataType type,
                 Optional<ValueFormat> format, boolean scaled) {

    enum What {
        VALUE, GOOD
    }

    /** The bit or registers as they are now. */
    int[] cells(TagTable tags, boolean lastWhenBad) throws ExceptionResponse {
        Optional<TagState> state = tags.tag(device, tag);
        if (what == What.GOOD) {
            return new int[] {state.isPresent() && state.get().reading().quality().isGood() ? 1 : 0};
        }
        Reading reading = state.map(TagState::reading)
            .orElseThrow(() -> new ExceptionResponse(ExceptionCode.GATEWAY_PATH_UNAVAILABLE));
        if (reading.quality().isBad() && lastWhenBad) {
            reading = state.get().lastGood();
        }
        if (reading.quality().isBad() || reading.value() == Value.NONE) {
            throw new ExceptionResponse(ExceptionCode.GATEWAY_TARGET_FAILED);
        }
        return format.isEmpty() ? new int[] {bit(reading.value())} : registers(format.get(), reading.value());
    }

    private int[] registers(ValueFormat how, Value value) throws ExceptionResponse {
        byte[] bytes;
        try {
            bytes = how.encode(scaled ? Value.real(number(value)) : typed(value));
        } catch (IllegalArgumentException e) {
            throw new ExceptionResponse(ExceptionCode.SERVER_DEVICE_FAILURE); // it does not fit; a part of it would be a lie
        }
        int[] registers = new int[length];
        for (int i = 0; i < length; i++) {
            registers[i] = (bytes[2 * i] & 0xff) << 8 | bytes[2 * i + 1] & 0xff;
        }
        return registers;
    }

    private Value typed(Value value) throws ExceptionResponse {
        if (type.isReal()) {
            return Value.real(number(value));
        } else if (value instanceof Value.Signed signed) {
            return type.isSigned() || signed.value() < 0 ? value : Value.unsigned(signed.value());
        } else if (value instanceof Value.Unsigned unsigned) {
            return type.isUnsigned() || unsigned.bits() < 0 ? value : Value.signed(unsigned.bits());
        }
        double whole = Math.rint(number(value));
        if (Math.abs(whole) > 0x1p53) {
            throw new IllegalArgumentException(value + " is not exact");
        }
        return type.isSigned() || whole < 0 ? Value.signed((long) whole) : Value.unsigned((long) whole);
    }

    private static int bit(Value value) throws ExceptionResponse {
        if (value instanceof Value.Bool bool) {
            return bool.value() ? 1 : 0;
        }
        return number(value) != 0 ? 1 : 0;
    }

    private static double number(Value value) throws ExceptionResponse {
        if (value instanceof Value.Real real) {
            return real.value();
        } else if (value instanceof Value.Signed signed) {
            return signed.value();
        } else if (value instanceof Value.Unsigned unsigned) {
            return unsigned.bits() >= 0 ? unsigned.bits() : unsigned.bits() + 0x1p64;
        } else if (value instanceof Value.Bool bool) {
            return bool.value() ? 1 : 0;
        }
        throw new ExceptionResponse(ExceptionCode.SERVER_DEVICE_FAILURE); // a text, or bytes
    }
}
