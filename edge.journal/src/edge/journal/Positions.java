// SPDX-License-Identifier: Apache-2.0
package edge.journal;

/** A position in the journal: number of the segment and offset in it. */
final class Positions {

    private static final int OFFSET_BITS = 28;
    /** A segment may be larger than its set size by one record, so this is far below 2^28. */
    static final int MAX_SEGMENT_MEGABYTES = 128;

    private Positions() {
    }

    static long of(long segment, long offset) {
        return segment << OFFSET_BITS | offset;
    }

    static long segment(long position) {
        return position >>> OFFSET_BITS;
    }

    static long offset(long position) {
        return position & (1L << OFFSET_BITS) - 1;
    }
}
