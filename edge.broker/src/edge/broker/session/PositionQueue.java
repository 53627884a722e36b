// SPDX-License-Identifier: Apache-2.0
package edge.broker.session;

import java.util.Arrays;

/** Positions in the journal, first in first out: eight bytes a message that waits. Takes no memory while it is empty. */
final class PositionQueue {

    private static final long[] NONE = new long[0];
    private static final int SMALLEST = 16;

    private long[] ring = NONE;
    private int head;
    private int size;

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    void add(long position) {
        if (size == ring.length) {
            long[] larger = new long[Math.max(SMALLEST, size * 2)];
            copy(larger);
            ring = larger;
            head = 0;
        }
        ring[(head + size) % ring.length] = position;
        size++;
    }

    long get(int index) {
        return ring[(head + index) % ring.length];
    }

    long remove() {
        long position = ring[head];
        head = (head + 1) % ring.length;
        size--;
        if (size == 0) {
            ring = ring.length > SMALLEST ? NONE : ring;
            head = 0;
        }
        return position;
    }

    long[] toArray() {
        long[] all = new long[size];
        copy(all);
        return all;
    }

    private void copy(long[] target) {
        int first = Math.min(size, ring.length - head);
        System.arraycopy(ring, head, target, 0, first);
        System.arraycopy(ring, 0, target, first, size - first);
    }

    void clear() {
        ring = NONE;
        head = 0;
        size = 0;
    }

    @Override
    public String toString() {
        return Arrays.toString(toArray());
    }
}
