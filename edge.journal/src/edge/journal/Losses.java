// SPDX-License-Identifier: Apache-2.0
package edge.journal;

import edge.api.gateway.Moment;
import edge.api.journal.JournalRecord.Loss;
import edge.api.message.StreamId;
import edge.journal.format.Entry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Collects what is lost to whom, as few ranges. */
final class Losses {

    private record Key(String uplink, StreamId stream, long epoch, Loss reason) {
    }

    private final Map<Key, TreeMap<Long, Long>> ranges = new LinkedHashMap<>();

    /** Sequences are lost to a reader; empty means to all. */
    void add(String uplink, StreamId stream, long epoch, long from, long to, Loss reason) {
        TreeMap<Long, Long> known = ranges.computeIfAbsent(new Key(uplink, stream, epoch, reason), key -> new TreeMap<>());
        long first = from;
        long last = to;
        Map.Entry<Long, Long> before = known.floorEntry(from);
        if (before != null && before.getValue() >= from - 1) {
            first = before.getKey();
            last = Math.max(last, before.getValue());
        }
        for (Map.Entry<Long, Long> next = known.higherEntry(first); next != null && next.getKey() <= last + 1;
             next = known.higherEntry(first)) {
            last = Math.max(last, next.getValue());
            known.remove(next.getKey());
        }
        known.put(first, last);
    }

    boolean isEmpty() {
        return ranges.isEmpty();
    }

    /** One entry for each range. */
    List<Append> entries(Moment at, String detail) {
        List<Append> entries = new ArrayList<>();
        ranges.forEach((key, known) -> known.forEach((from, to) -> entries.add(new Append(key.stream(),
            new Entry.Lost(at, key.uplink(), key.epoch(), from, to, key.reason(), detail, false)))));
        return entries;
    }
}
