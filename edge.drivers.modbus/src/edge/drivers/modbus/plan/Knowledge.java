// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.plan;

import edge.drivers.modbus.codec.Table;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is known of one device: which ranges hold an address that cannot be read, and how long a request may be. All plans of
 * the device share it, so that what one has learned the others need not.
 *
 * <p>That a range cannot be read tells only that something in it cannot. It is kept as the smallest range for which that is
 * certain; a request is hopeless if it contains one.
 */
public final class Knowledge {
    private final Limits limits;
    private final Map<Table, Area> areas = new EnumMap<>(Table.class);
    private final Length registers;
    private final Length bits;
    private int version;

    /** One table. */
    private static final class Area {
        /** Addresses that were read at least once. */
        final BitSet readable = new BitSet();
        /** Ranges with an unreadable address: the first address, and the one behind the last. */
        final TreeMap<Integer, Integer> holes = new TreeMap<>();
    }

    /** How long requests may be, found by halving once the device has refused one as too long. */
    private static final class Length {
        int longest;
        int tooLong;

        Length(int limit) {
            tooLong = limit + 1;
        }

        int next(int limit) {
            return tooLong > limit ? limit : Math.max(1, (longest + tooLong) / 2);
        }
    }

    /** @param limits what the configuration allows */
    public Knowledge(Limits limits) {
        this.limits = limits;
        registers = new Length(limits.size(Table.HOLDING));
        bits = new Length(limits.size(Table.COIL));
    }

    /** Grows when something was learned that may change a plan. */
    int version() {
        return version;
    }

    int gap(Table table) {
        return limits.gap(table);
    }

    /** How many addresses the next request may have. */
    int size(Table table) {
        return length(table).next(limits.size(table));
    }

    private Length length(Table table) {
        return table.isBits() ? bits : registers;
    }

    private Area area(Table table) {
        return areas.computeIfAbsent(table, t -> new Area());
    }

    /** Whether reading a range is bound to fail. */
    boolean isHopeless(Table table, int from, int to) {
        return area(table).holes.subMap(from, to).values().stream().anyMatch(end -> end <= to);
    }

    /** A range was read. */
    void readable(Table table, int from, int to) {
        Length length = length(table);
        Area area = area(table);
        if (to - from > length.longest) {
            length.longest = to - from;
            if (length.tooLong <= limits.size(table)) {
                // A device that has been exchanged for one that takes more is believed.
                length.tooLong = Math.max(length.tooLong, length.longest + 1);
                version++;
            }
        }
        if (area.readable.nextClearBit(from) >= to) {
            return;
        }
        area.readable.set(from, to);
        for (Iterator<Map.Entry<Integer, Integer>> known = area.holes.entrySet().iterator(); known.hasNext();) {
            Map.Entry<Integer, Integer> hole = known.next();
            if (hole.getKey() >= from && hole.getValue() <= to) {
                known.remove();
                version++;
            }
        }
    }

    /** A range cannot be read, because of at least one address in it. */
    void unreadable(Table table, int from, int to) {
        Area area = area(table);
        int first = area.readable.nextClearBit(from);
        int end = area.readable.previousClearBit(to - 1) + 1;
        if (first >= to) {
            // Everything in it was read before, but not together, or the device has changed.
            area.readable.clear(from, to);
            first = from;
            end = to;
        }
        Integer known = area.holes.get(first);
        if (known == null || known > end) {
            area.holes.put(first, end);
            version++;
        }
    }

    /**
     * The device has refused so many addresses at once.
     *
     * @return false if it has read as many before, so that it must be something else
     */
    boolean tooLong(Table table, int count) {
        Length length = length(table);
        if (count <= length.longest) {
            return false;
        }
        if (count < length.tooLong) {
            length.tooLong = count;
            version++;
        }
        return true;
    }
}
