// SPDX-License-Identifier: Apache-2.0
package edge.demo.cloud;

import java.util.Map;
import java.util.TreeMap;

/** Which numbers of a dense sequence have been seen, as ranges: order does not matter, and memory grows with gaps only. */
final class Coverage {

    private static final int MAX_RANGES = 4096;

    private final TreeMap<Long, Long> ranges = new TreeMap<>();
    private long seen;

    /** Takes note of the numbers {@code from} to {@code to}; tells how many of them are new. */
    long add(long from, long to) {
        long first = from;
        long last = to;
        long known = 0;
        Map.Entry<Long, Long> left = ranges.floorEntry(first);
        if (left != null && left.getValue() >= first - 1) {
            known += Math.max(0, Math.min(left.getValue(), to) - from + 1);
            first = left.getKey();
            last = Math.max(last, left.getValue());
        }
        for (Map.Entry<Long, Long> right = ranges.higherEntry(first); right != null && right.getKey() <= last + 1;
             right = ranges.higherEntry(first)) {
            known += Math.max(0, Math.min(right.getValue(), to) - Math.max(right.getKey(), from) + 1);
            last = Math.max(last, right.getValue());
            ranges.remove(right.getKey());
        }
        ranges.put(first, last);
        if (ranges.size() > MAX_RANGES) {
            ranges.pollFirstEntry();
        }
        long fresh = to - from + 1 - known;
        seen += fresh;
        return fresh;
    }

    /** How many numbers between the lowest and the highest have not been seen. */
    long missing() {
        long missing = 0;
        long next = ranges.isEmpty() ? 0 : ranges.firstKey();
        for (Map.Entry<Long, Long> range : ranges.entrySet()) {
            missing += range.getKey() - next;
            next = range.getValue() + 1;
        }
        return missing;
    }

    /** How many different numbers have been seen. */
    long seen() {
        return seen;
    }
}
