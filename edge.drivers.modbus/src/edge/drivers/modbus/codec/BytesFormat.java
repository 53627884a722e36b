// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.codec;

import edge.api.value.DataType;
import edge.api.value.Value;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Bytes, or the characters that they mean, two in a register. */
final class BytesFormat implements ValueFormat {
    private final DataType type;
    private final int length;
    /** What the index of a byte is XORed with: 1 where the second byte of a register comes first. */
    private final int swap;

    BytesFormat(DataType type, int length, Order order) {
        if (length < 1 || length > 2 * Table.HOLDING.maxRead()) {
            throw new IllegalArgumentException("length must be 1 to " + 2 * Table.HOLDING.maxRead() + ", not " + length);
        }
        this.type = type;
        this.length = length;
        swap = order == Order.LITTLE ? 1 : 0;
    }

    @Override
    public DataType type() {
        return type;
    }

    @Override
    public int registers() {
        return (length + 1) / 2;
    }

    @Override
    public Value decode(ByteBuffer data, int index) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = data.get(index + (i ^ swap));
        }
        return type == DataType.BYTES ? Value.bytes(bytes) : Value.text(text(bytes));
    }

    private static String text(byte[] bytes) {
        int end = 0;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, 0, end, StandardCharsets.UTF_8).stripTrailing();
    }

    @Override
    public byte[] encode(Value value) {
        byte[] bytes;
        if (type == DataType.TEXT && value instanceof Value.Text text) {
            bytes = text.value().getBytes(StandardCharsets.UTF_8);
        } else if (type == DataType.BYTES && value instanceof Value.Bytes raw && raw.value().length == length) {
            bytes = raw.value();
        } else {
            throw new IllegalArgumentException(value + " is not " + (type == DataType.TEXT ? "a text" : length + " bytes"));
        }
        if (bytes.length > length) {
            throw new IllegalArgumentException("a text of " + bytes.length + " bytes does not fit into " + length);
        }
        byte[] out = new byte[2 * registers()];
        for (int i = 0; i < bytes.length; i++) {
            out[i ^ swap] = bytes[i];
        }
        return out;
    }
}
