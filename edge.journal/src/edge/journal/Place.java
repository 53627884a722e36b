// SPDX-License-Identifier: Apache-2.0
package edge.journal;

import edge.api.journal.StreamSelection;
import edge.journal.format.DamagedException;
import edge.journal.format.Input;
import edge.journal.format.Output;
import java.util.ArrayList;
import java.util.List;

/**
 * What a reader has still to do, as it is kept on disk.
 *
 * @param selection which streams it wants
 * @param ranges of positions in ascending order; mostly one, a fork leaves others before it
 */
record Place(StreamSelection selection, List<Range> ranges) {

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

    static Place behind(StreamSelection selection, long mark) {
        return new Place(selection, List.of(new Range(mark, OPEN)));
    }

    /** The same place of a reader that wants other streams from now on. */
    Place with(StreamSelection other) {
        return new Place(other, ranges);
    }

    /** Up to here, everything is done with. */
    long mark() {
        return ranges.get(0).mark();
    }

    /** Whether anything from one position up to, and without, the other is still to be done. */
    boolean isPending(long from, long to) {
        for (Range range : ranges) {
            if (range.mark() < to - 1 && range.until() >= from) {
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
        out.putVar(selection.patterns().size());
        selection.patterns().forEach(out::putText);
        out.putVar(ranges.size());
        for (Range range : ranges) {
            out.putVar(range.mark()).putVar(range.until());
        }
    }

    static Place read(Input in) throws DamagedException {
        List<String> patterns = new ArrayList<>();
        for (int count = in.getVarInt(); count > 0; count--) {
            patterns.add(in.getText());
        }
        int count = in.getVarInt();
        List<Range> ranges = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ranges.add(new Range(in.getVar(), in.getVar()));
        }
        if (ranges.isEmpty() || patterns.isEmpty()) {
            throw new DamagedException("a place without a range");
        }
        return new Place(new StreamSelection(patterns), ranges);
    }
}
