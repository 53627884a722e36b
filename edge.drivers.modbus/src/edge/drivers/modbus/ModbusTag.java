// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus;

import edge.api.device.Tag;
import edge.api.value.Value;
import edge.drivers.modbus.codec.Request;
import edge.drivers.modbus.codec.Response;
import edge.drivers.modbus.codec.ValueFormat;
import edge.drivers.modbus.plan.Span;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A tag and where it lies.
 *
 * @param format how it lies in registers; empty for a coil or discrete input
 * @param min the smallest value that may be written
 * @param max the greatest value that may be written
 */
record ModbusTag(Tag tag, Span span, Optional<ValueFormat> format, double min, double max) {

    /**
     * The value in an answer.
     *
     * @param data the answer's data from index {@code start}
     * @param first the address that the answer begins with
     */
    Value decode(ByteBuffer data, int start, int first) {
        int offset = span.address() - first;
        return format.isPresent() ? format.get().decode(data, start + 2 * offset)
            : Value.of(Response.bit(data, start, offset));
    }

    /**
     * The request that writes a value.
     *
     * @throws IllegalArgumentException if the value does not fit; the message says why
     */
    Request write(int unit, Value value) {
        if (format.isEmpty()) {
            if (value instanceof Value.Bool bool) {
                return Request.writeCoil(unit, span.address(), bool.value());
            }
            throw new IllegalArgumentException(value + " is neither true nor false");
        }
        double number = number(value);
        if (number < min || number > max) {
            throw new IllegalArgumentException(value + " is not within " + min + " to " + max);
        }
        byte[] registers = format.get().encode(value);
        return registers.length == 2
            ? Request.writeRegister(unit, span.address(), (registers[0] & 0xff) << 8 | registers[1] & 0xff)
            : Request.writeRegisters(unit, span.address(), registers);
    }

    private static double number(Value value) {
        if (value instanceof Value.Real real) {
            return real.value();
        } else if (value instanceof Value.Signed signed) {
            return signed.value();
        } else if (value instanceof Value.Unsigned unsigned) {
            return unsigned.bits() >= 0 ? unsigned.bits() : unsigned.bits() + 0x1p64;
        }
        throw new IllegalArgumentException(value + " is not a number");
    }
}
