// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio.register;

import edge.api.device.Tag;
import edge.api.value.DataType;
import edge.api.value.Value;
import edge.drivers.gpio.kernel.Registers;
import edge.drivers.gpio.polled.Cell;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * One register as a tag.
 *
 * @param tag the tag; of type float64 if the value is scaled
 * @param number of its first byte
 * @param type of the bytes on the wire
 * @param order which byte comes first
 * @param bit of a bool: which bit of the byte, 0 the lowest
 * @param scale what the number on the wire is multiplied with; 1 and offset 0 leave it as it is
 * @param offset what is added then
 */
record Register(Tag tag, int number, DataType type, ByteOrder order, int bit, double scale, double offset)
    implements Cell<Registers> {

    int bytes() {
        return Math.max(1, type.bits() / Byte.SIZE);
    }

    boolean isScaled() {
        return scale != 1 || offset != 0;
    }

    @Override
    public Value read(Registers chip) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(chip.read(number, bytes())).order(order);
        Value value = switch (type) {
            case BOOL -> Value.of((bytes.get() >> bit & 1) != 0);
            case INT8 -> Value.signed(bytes.get());
            case INT16 -> Value.signed(bytes.getShort());
            case INT32 -> Value.signed(bytes.getInt());
            case INT64 -> Value.signed(bytes.getLong());
            case UINT8 -> Value.unsigned(bytes.get() & 0xFF);
            case UINT16 -> Value.unsigned(bytes.getShort() & 0xFFFF);
            case UINT32 -> Value.unsigned(bytes.getInt() & 0xFFFF_FFFFL);
            case UINT64 -> Value.unsigned(bytes.getLong());
            case FLOAT32 -> Value.real(bytes.getFloat());
            case FLOAT64 -> Value.real(bytes.getDouble());
            case TEXT, BYTES -> throw new IllegalStateException("no register has the type " + type);
        };
        return isScaled() ? Value.real(number(value) * scale + offset) : value;
    }

    private static double number(Value value) {
        if (value instanceof Value.Signed signed) {
            return signed.value();
        }
        return value instanceof Value.Unsigned unsigned ? new BigInteger(Long.toUnsignedString(unsigned.bits())).doubleValue()
            : ((Value.Real) value).value();
    }

    @Override
    public void write(Registers chip, Value value) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(bytes()).order(order);
        if (value instanceof Value.Bool bool && type == DataType.BOOL) {
            // The other bits of the byte are other people's.
            byte others = chip.read(number, 1)[0];
            bytes.put((byte) (bool.value() ? others | 1 << bit : others & ~(1 << bit)));
        } else if (isScaled()) {
            put(bytes, (real(value) - offset) / scale);
        } else if (type.isReal()) {
            put(bytes, real(value));
        } else if (value instanceof Value.Signed signed && type.isSigned()) {
            checkRange(signed.value() == signed.value() << 64 - type.bits() >> 64 - type.bits(), value);
            putBits(bytes, signed.value());
        } else if (value instanceof Value.Unsigned unsigned && type.isUnsigned()) {
            checkRange(unsigned.bits() == unsigned.bits() << 64 - type.bits() >>> 64 - type.bits(), value);
            putBits(bytes, unsigned.bits());
        } else {
            throw new IllegalArgumentException("takes " + tag.type().label() + ", not " + value);
        }
        chip.write(number, bytes.array());
    }

    private double real(Value value) {
        if (value instanceof Value.Real real && Double.isFinite(real.value())) {
            return real.value();
        }
        throw new IllegalArgumentException("takes a finite number, not " + value);
    }

    private void put(ByteBuffer bytes, double number) {
        if (type == DataType.FLOAT64) {
            bytes.putDouble(number);
        } else if (type == DataType.FLOAT32) {
            bytes.putFloat((float) number);
        } else {
            double rounded = Math.rint(number);
            double limit = Math.scalb(1.0, type.isSigned() ? type.bits() - 1 : type.bits());
            checkRange(rounded >= (type.isSigned() ? -limit : 0) && rounded < limit, Value.real(number));
            putBits(bytes, new java.math.BigDecimal(rounded).toBigInteger().longValue());
        }
    }

    private void checkRange(boolean fits, Value value) {
        if (!fits) {
            throw new IllegalArgumentException("does not fit into " + type.label() + ": " + value);
        }
    }

    private void putBits(ByteBuffer bytes, long bits) {
        switch (bytes()) {
            case 1 -> bytes.put((byte) bits);
            case 2 -> bytes.putShort((short) bits);
            case 4 -> bytes.putInt((int) bits);
            default -> bytes.putLong(bits);
        }
    }
}
