// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.plan;

import edge.drivers.modbus.codec.Request;

/** One request of a plan and the tags that it reads. */
public final class Block {
    private final Request request;
    private final int[] items;
    private final int position;
    private final Split origin;

    /**
     * @param items which spans of the plan's list it reads
     * @param position of the first of them in the order of addresses
     */
    Block(Request request, int[] items, int position, Split origin) {
        this.request = request;
        this.items = items;
        this.position = position;
        this.origin = origin;
    }

    public Request request() {
        return request;
    }

    /** How many tags it reads. */
    public int size() {
        return items.length;
    }

    /** Which span of the plan's list the i-th tag of this block is. */
    public int item(int i) {
        return items[i];
    }

    int position() {
        return position;
    }

    Split origin() {
        return origin;
    }

    /** A block that was refused and is asked again in two halves. */
    static final class Split {
        final int boundary;
        private int good;

        Split(int boundary) {
            this.boundary = boundary;
        }

        /** @return whether both halves are good, so that it is only together that they are refused */
        boolean halfIsGood() {
            return ++good == 2;
        }
    }
}
