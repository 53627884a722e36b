// SPDX-License-Identifier: Apache-2.0
package edge.journal.format;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;

/** Bytes in the making: big-endian integers, LEB128 varints, and fields that a reader who does not know them can skip. */
public final class Output {

    /** The low bit of a field's key: a varint follows. */
    static final int VARINT = 0;
    /** The low bit of a field's key: a length and that many bytes follow. */
    static final int BYTES = 1;

    private byte[] array;
    private int size;

    public Output(int capacity) {
        array = new byte[capacity];
    }

    public byte[] array() {
        return array;
    }

    public int size() {
        return size;
    }

    /** Forgets what lies behind. */
    public void cut(int newSize) {
        size = newSize;
    }

    private void need(int more) {
        if (array.length - size < more) {
            array = Arrays.copyOf(array, Math.max(array.length * 2, size + more));
        }
    }

    /** Leaves room for bytes that are filled in later; returns where it begins. */
    public int skip(int length) {
        need(length);
        int from = size;
        size += length;
        return from;
    }

    /** Makes room in the middle. */
    void open(int at, int length) {
        need(length);
        System.arraycopy(array, at, array, at + length, size - at);
        size += length;
    }

    public Output put(int value) {
        need(1);
        array[size++] = (byte) value;
        return this;
    }

    public Output putInt(int value) {
        need(4);
        setInt(array, size, value);
        size += 4;
        return this;
    }

    public Output putLong(long value) {
        return putInt((int) (value >>> 32)).putInt((int) value);
    }

    public Output putUuid(UUID id) {
        return putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
    }

    public Output putVar(long value) {
        need(10);
        byte[] to = array;
        int at = size;
        while ((value & ~0x7FL) != 0) {
            to[at++] = (byte) (value | 0x80);
            value >>>= 7;
        }
        to[at++] = (byte) value;
        size = at;
        return this;
    }

    public Output putZigZag(long value) {
        return putVar(value << 1 ^ value >> 63);
    }

    public Output putBytes(byte[] bytes, int offset, int length) {
        need(length);
        System.arraycopy(bytes, offset, array, size, length);
        size += length;
        return this;
    }

    /** Length and UTF-8. */
    public Output putText(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return putVar(bytes.length).putBytes(bytes, 0, bytes.length);
    }

    public Output field(int number, long value) {
        return putVar(number << 1 | VARINT).putVar(value);
    }

    public Output fieldZigZag(int number, long value) {
        return putVar(number << 1 | VARINT).putZigZag(value);
    }

    public Output field(int number, byte[] bytes) {
        return field(number, bytes, 0, bytes.length);
    }

    public Output field(int number, byte[] bytes, int offset, int length) {
        return putVar(number << 1 | BYTES).putVar(length).putBytes(bytes, offset, length);
    }

    public Output field(int number, Output content) {
        return field(number, content.array, 0, content.size);
    }

    static void setInt(byte[] array, int at, int value) {
        array[at] = (byte) (value >>> 24);
        array[at + 1] = (byte) (value >>> 16);
        array[at + 2] = (byte) (value >>> 8);
        array[at + 3] = (byte) value;
    }

    static int getInt(byte[] array, int at) {
        return (array[at] & 0xFF) << 24 | (array[at + 1] & 0xFF) << 16 | (array[at + 2] & 0xFF) << 8 | array[at + 3] & 0xFF;
    }
}
