// SPDX-License-Identifier: Apache-2.0
package edge.demo.plant;

/** Neighbouring bits or registers, and how numbers lie in them: each register big endian, the high word first unless said. */
final class Cells {

    private final int[] cells;

    Cells(int size) {
        cells = new int[size];
    }

    int size() {
        return cells.length;
    }

    void copy(int address, int count, int[] into) {
        System.arraycopy(cells, address, into, 0, count);
    }

    void bit(int address, boolean value) {
        cells[address] = value ? 1 : 0;
    }

    /** A whole number of 16 bits, rounded and held within the range, signed or not. */
    void scaled16(int address, double value, double unit) {
        long raw = Math.round(value / unit);
        cells[address] = (int) (raw < 0 ? Math.max(raw, Short.MIN_VALUE) : Math.min(raw, 0xffff)) & 0xffff;
    }

    void float32(int address, double value) {
        integer(address, Float.floatToIntBits((float) value) & 0xffffffffL, 2);
    }

    /** With the low word first, as many meters have it. */
    void float32LowFirst(int address, double value) {
        int bits = Float.floatToIntBits((float) value);
        cells[address] = bits & 0xffff;
        cells[address + 1] = bits >>> 16;
    }

    void uint32(int address, long value) {
        integer(address, value, 2);
    }

    void uint64(int address, long value) {
        integer(address, value, 4);
    }

    private void integer(int address, long value, int words) {
        for (int i = 0; i < words; i++) {
            cells[address + i] = (int) (value >>> 16 * (words - 1 - i)) & 0xffff;
        }
    }
}
