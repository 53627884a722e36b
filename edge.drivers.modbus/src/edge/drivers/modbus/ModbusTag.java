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
 * @param meaning what the value that is read stands for
 * @param writing the rules for writing it
 */
record ModbusTag(Tag tag, Span span, Optional<ValueFormat> format, Meaning meaning, Writing writing) {

    /**
     * @param min the smallest value that may be written
     * @param max the greatest value that may be written
     * @param verified whether what was written is read back and compared
     */
    record Writing(double min, double max, boolean verified) {
    }

    /**
     * The value in an answer.
     *
     * @param data the answer's data from index {@code start}
     * @param first the address that the answer begins with
     */
    Meaning.Interpreted decode(ByteBuffer data, int start, int first) {
        int offset = span.address() - first;
        return meaning.interpret(format.isPresent() ? format.get().decode(data, start + 2 * offset)
            : Value.of(Response.bit(data, start, offset)));
    }

    /**
     * The request that writes a value.
     *
     * @param multiple whether the device knows only the functions that write several coils or registers
     * @throws IllegalArgumentException if the value does not fit; the message says why
     */
    Request write(int unit, Value value, boolean multiple) {
        if (format.isEmpty()) {
            if (value instanceof Value.Bool bool) {
                return multiple ? Request.writeCoils(unit, span.address(), bool.value())
                    : Request.writeCoil(unit, span.address(), bool.value());
            }
            throw new IllegalArgumentException(value + " is neither true nor false");
        }
        byte[] registers = encode(value);
        int mask = format.get().mask();
        int first = (registers[0] & 0xff) << 8 | registers[1] & 0xff;
        if (mask != ValueFormat.WHOLE) {
            return Request.maskWrite(unit, span.address(), ~mask & ValueFormat.WHOLE, first);
        }
        return registers.length == 2 && !multiple ? Request.writeRegister(unit, span.address(), first)
            : Request.writeRegisters(unit, span.address(), registers);
    }

    private byte[] encode(Value value) {
        ValueFormat how = format.orElseThrow();
        Value raw = meaning.undo(value, how.type());
        if (writing.min() != Double.NEGATIVE_INFINITY || writing.max() != Double.POSITIVE_INFINITY) {
            double number = number(raw);
            if (number < writing.min() || number > writing.max()) {
                throw new IllegalArgumentException(value + " is " + (number < writing.min()
                    ? "below " + writing.min() : "above " + writing.max()) + ", the limit of what may be written");
            }
        }
        return how.encode(raw);
    }

    /** The request that reads the tag alone. */
    Request read(int unit) {
        return Request.read(unit, span.table(), span.address(), span.length());
    }

    /** Whether the data of an answer to {@link #read} is what writing that value leaves in the device. */
    boolean holds(Value value, ByteBuffer data, int start) {
        if (format.isEmpty()) {
            return Value.of(Response.bit(data, start, 0)).equals(value);
        }
        byte[] registers = encode(value);
        int mask = format.get().mask();
        for (int i = 0; i < registers.length; i++) {
            int bits = mask >> (i % 2 == 0 ? 8 : 0) & 0xff;
            if (((registers[i] ^ data.get(start + i)) & bits) != 0) {
                return false;
            }
        }
        return true;
    }

    static double number(Value value) {
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
