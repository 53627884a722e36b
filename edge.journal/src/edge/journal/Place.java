// SPDX-License-Identifier: Apache-2.0
package edge.journal;

import edge.journal.format.DamagedException;
import edge.journal.format.Input;
import edge.journal.format.Output;
import java.util.ArrayList;
import java.util.List;

/**
 * What a reader has still to do, as it is kept on disk: ranges of positions in ascending order. Mostly one; a fork leaves
 * others before it.
 */
record Place(List<Range> ranges) {

    /** The end of a range that has none. */
    static final long OPEN = Long.MAX_VALUE;

    /**
     * @param mark everything up to and including it is done with
     * @param until the last position of the range
     */
    record Range(long mark, long until) {

        boolean isOpen() {
            return until == OPEN;
        }
    }

    Place {
        ranges = List.copyOf(ranges);
        if (ranges.isEmpty()) {
            throw new IllegalArgumentException("a place has at least the range that is open");
        }
    }

    static Place behind(long mark) {
        return new Place(List.of(new Range(mark, OPEN)));
    }

    /** Up to here, everything is done with. */
    long mark() {
        return ranges.get(0).mark();
    }

    /** Whether anything from one position to the other is still to be done. */
    boolean isPending(long from, long to) {
        for (Range range : ranges) {
            if (range.mark() < to && range.until() >= from) {
                return true;
            }
        }
        return false;
    }

    /** The greatest position that it tells of. */
    long highest() {
        return ranges.get(ranges.size() - 1).mark();
    }

    void write(Output out) {
        out.putVar(ranges.size());
        for (Range range : ranges) {
            out.putVar(range.mark()).putVar(range.until());
        }
    }

    static Place read(Input in) throws DamagedException {
        int count = in.getVarInt();
        List<Range> ranges = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ranges.add(new Range(in.getVar(), in.getVar()));
        }
        if (ranges.isEmpty()) {
            throw new DamagedException("a place without a range");
        }
        return new Place(ranges);
    }
}
