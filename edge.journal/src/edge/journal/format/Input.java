// SPDX-License-Identifier: Apache-2.0
package edge.journal.format;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;

/** Reads what {@link Output} wrote. Never reads outside of its range, whatever the bytes are. */
public final class Input {

    private byte[] array;
    private int at;
    private int end;

    public Input(byte[] array, int from, int to) {
        set(array, from, to);
    }

    public void set(byte[] newArray, int from, int to) {
        array = newArray;
        at = from;
        end = to;
    }

    public boolean more() {
        return at < end;
    }

    /** Narrows the range to the next bytes; {@link #leave} goes behind them. */
    public int enter(int length) throws DamagedException {
        need(length);
        int outer = end;
        end = at + length;
        return outer;
    }

    public void leave(int outer) {
        at = end;
        end = outer;
    }

    private void need(int length) throws DamagedException {
        if (length < 0 || length > end - at) {
            throw new DamagedException("a field is longer than its record");
        }
    }

    public int get() throws DamagedException {
        need(1);
        return array[at++] & 0xFF;
    }

    public int getInt() throws DamagedException {
        need(4);
        at += 4;
        return Output.getInt(array, at - 4);
    }

    public long getLong() throws DamagedException {
        long high = getInt();
        return high << 32 | getInt() & 0xFFFF_FFFFL;
    }

    public UUID getUuid() throws DamagedException {
        long high = getLong();
        return new UUID(high, getLong());
    }

    public long getVar() throws DamagedException {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int next = get();
            value |= (long) (next & 0x7F) << shift;
            if ((next & 0x80) == 0) {
                return value;
            }
        }
        throw new DamagedException("a number is longer than 64 bits");
    }

    public int getVarInt() throws DamagedException {
        long value = getVar();
        if (value < 0 || value > Integer.MAX_VALUE) {
            throw new DamagedException("a number is out of range");
        }
        return (int) value;
    }

    public long getZigZag() throws DamagedException {
        long value = getVar();
        return value >>> 1 ^ -(value & 1);
    }

    public byte[] getBytes(int length) throws DamagedException {
        need(length);
        at += length;
        return Arrays.copyOfRange(array, at - length, at);
    }

    public String getText() throws DamagedException {
        return getText(getVarInt());
    }

    String getText(int length) throws DamagedException {
        need(length);
        at += length;
        return new String(array, at - length, length, StandardCharsets.UTF_8);
    }

    int left() {
        return end - at;
    }

    /** Skips the field of that key. */
    public void skip(int key) throws DamagedException {
        if ((key & 1) == Output.VARINT) {
            getVar();
        } else {
            int length = getVarInt();
            need(length);
            at += length;
        }
    }
}
