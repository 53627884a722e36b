// SPDX-License-Identifier: Apache-2.0
package edge.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A set of whole numbers, kept as ranges: what is nearly dense takes nearly no memory. Not safe for several threads.
 */
public final class Ranges {

    /** Both ends belong to it. */
    public record Range(long from, long to) {

        public long count() {
            return to - from + 1;
        }

        @Override
        public String toString() {
            return from == to ? Long.toString(from) : from + "-" + to;
        }
    }

    /** From the first to the last number of each range; ranges neither overlap nor touch. */
    private final TreeMap<Long, Long> ranges = new TreeMap<>();
    private long count;

    public void add(long number) {
        add(number, number);
    }

    /** Adds all numbers from one to the other, both included. */
    public void add(long from, long to) {
        long begin = from;
        long end = to;
        Map.Entry<Long, Long> before = ranges.floorEntry(from);
        if (before != null && before.getValue() >= from - 1) {
            if (before.getValue() >= to) {
                return;
            }
            begin = before.getKey();
        }
        Map.Entry<Long, Long> next = ranges.ceilingEntry(begin);
        while (next != null && next.getKey() <= end + 1) {
            end = Math.max(end, next.getValue());
            count -= next.getValue() - next.getKey() + 1;
            ranges.remove(next.getKey());
            next = ranges.ceilingEntry(begin);
        }
        ranges.put(begin, end);
        count += end - begin + 1;
    }

    public void remove(long from, long to) {
        for (Range part : within(from, to)) {
            long begin = ranges.floorKey(part.from());
            long end = ranges.remove(begin);
            if (begin < part.from()) {
                ranges.put(begin, part.from() - 1);
            }
            if (end > part.to()) {
                ranges.put(part.to() + 1, end);
            }
            count -= part.count();
        }
    }

    public boolean contains(long number) {
        Map.Entry<Long, Long> before = ranges.floorEntry(number);
        return before != null && before.getValue() >= number;
    }

    /** The parts of it between two numbers, both included, in order. */
    public List<Range> within(long from, long to) {
        List<Range> found = new ArrayList<>();
        Long first = ranges.floorKey(from);
        for (Map.Entry<Long, Long> range : ranges.tailMap(first == null ? from : first).entrySet()) {
            if (range.getKey() > to) {
                break;
            }
            long begin = Math.max(from, range.getKey());
            long end = Math.min(to, range.getValue());
            if (begin <= end) {
                found.add(new Range(begin, end));
            }
        }
        return found;
    }

    /** What is not in it between two numbers, both included, in order. */
    public List<Range> gaps(long from, long to) {
        List<Range> gaps = new ArrayList<>();
        long next = from;
        for (Range range : within(from, to)) {
            if (range.from() > next) {
                gaps.add(new Range(next, range.from() - 1));
            }
            next = range.to() + 1;
        }
        if (next <= to) {
            gaps.add(new Range(next, to));
        }
        return gaps;
    }

    /** All of it, in order. */
    public List<Range> all() {
        return ranges.entrySet().stream().map(range -> new Range(range.getKey(), range.getValue())).toList();
    }

    /** How many numbers. */
    public long count() {
        return count;
    }

    /** How many ranges: what it takes in memory. */
    public int size() {
        return ranges.size();
    }

    /** The smallest number; 0 if there is none. */
    public long first() {
        return ranges.isEmpty() ? 0 : ranges.firstKey();
    }

    /** The greatest number; 0 if there is none. */
    public long last() {
        return ranges.isEmpty() ? 0 : ranges.lastEntry().getValue();
    }

    @Override
    public String toString() {
        return String.join(", ", all().stream().map(Range::toString).toList());
    }
}
