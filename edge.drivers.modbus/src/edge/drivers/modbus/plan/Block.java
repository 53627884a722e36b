// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.plan;

import edge.drivers.modbus.codec.Request;
import edge.drivers.modbus.codec.Table;
import java.util.Optional;

/** One request of a plan and the tags that it reads. */
public final class Block {
    private final Request request;
    private final int[] items;
    private final int position;
    private final Optional<Split> origin;

    /**
     * @param items which spans of the plan's list it reads
     * @param position of the first of them in the order of addresses
     * @param origin what it is a half of
     */
    Block(Request request, int[] items, int position, Optional<Split> origin) {
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

    Optional<Split> origin() {
        return origin;
    }

    int start() {
        return request.address();
    }

    int end() {
        return request.address() + request.quantity();
    }

    /** A block that was refused and is asked again in two halves. */
    static final class Split {
        private final Block whole;
        private final boolean tooMany;
        private Block good;

        /** @param tooMany whether the device gave the number of addresses as the reason */
        Split(Block whole, boolean tooMany) {
            this.whole = whole;
            this.tooMany = tooMany;
        }

        /** A half was read. If both were, it is only together that they are refused. */
        void halfIsGood(Block half, Knowledge knowledge) {
            if (good == null) {
                good = half;
            } else if (good != half) {
                learn(good.position() < half.position() ? good : half, good.position() < half.position() ? half : good, knowledge);
            }
        }

        private void learn(Block first, Block second, Knowledge knowledge) {
            Table table = whole.request().function().table();
            boolean gap = first.end() < second.start();
            if ((tooMany || !gap) && knowledge.tooLong(table, whole.request().quantity())) {
                return;
            }
            if (gap) {
                knowledge.unreadable(table, first.end(), second.start());
            } else {
                // Two areas of the device meet here, and it does not read across.
                knowledge.unreadable(table, second.start() - 1, second.start() + 1);
            }
        }
    }
}
