// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.codec;

import edge.api.value.DataType;
import edge.api.value.Value;
import java.nio.ByteBuffer;

/** A bit of a register. */
final class BitFormat implements ValueFormat {
    private final int bit;

    BitFormat(int bit, Order bytes) {
        if (bit < 0 || bit > 15) {
            throw new IllegalArgumentException("bit must be 0 to 15, not " + bit);
        }
        this.bit = bytes == Order.BIG ? bit : bit ^ 8;
    }

    @Override
    public DataType type() {
        return DataType.BOOL;
    }

    @Override
    public int registers() {
        return 1;
    }

    @Override
    public int mask() {
        return 1 << bit;
    }

    @Override
    public Value decode(ByteBuffer data, int index) {
        return Value.of((data.getShort(index) >> bit & 1) != 0);
    }

    @Override
    public byte[] encode(Value value) {
        if (!(value instanceof Value.Bool bool)) {
            throw new IllegalArgumentException(value + " is neither true nor false");
        }
        int register = bool.value() ? mask() : 0;
        return new byte[] {(byte) (register >> 8), (byte) register};
    }
}
