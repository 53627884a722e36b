// SPDX-License-Identifier: Apache-2.0
package edge.journal;

import edge.api.message.StreamId;
import edge.journal.format.SegmentIndex;
import edge.journal.format.SegmentIndex.StreamPart;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** How many bytes of the journal each stream takes, as far as they are known. Any thread reads, the writer's changes. */
final class Usage {

    private final Map<StreamId, AtomicLong> bytes = new ConcurrentHashMap<>();
    /** Segments that count. */
    private final Set<Long> counted = new HashSet<>();

    /** A segment is begun; its records count as they are written. */
    void begin(long segment) {
        counted.add(segment);
    }

    /** A stream's count, to which its records are added as they are written. */
    AtomicLong count(StreamId stream) {
        return bytes.computeIfAbsent(stream, id -> new AtomicLong());
    }

    /** Counts a segment that was there before. */
    void add(Segment segment, SegmentIndex index, Marks marks) {
        if (counted.add(segment.number())) {
            for (StreamPart part : index.streams()) {
                if (marks.floor(part.id()) < Positions.of(segment.number() + 1, 0)) {
                    count(part.id()).addAndGet(part.bytes());
                }
            }
        }
    }

    boolean counts(Segment segment) {
        return counted.contains(segment.number());
    }

    /** A stream's part of a segment is gone. */
    void remove(StreamPart part) {
        count(part.id()).updateAndGet(now -> Math.max(0, now - part.bytes()));
    }

    void forget(Segment segment) {
        counted.remove(segment.number());
    }

    long of(StreamId stream) {
        AtomicLong count = bytes.get(stream);
        return count == null ? 0 : count.get();
    }

    void clear() {
        bytes.clear();
        counted.clear();
    }
}
