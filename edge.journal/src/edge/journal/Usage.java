// SPDX-License-Identifier: Apache-2.0
package edge.journal;

import edge.api.message.StreamId;
import edge.journal.format.SegmentIndex;
import edge.journal.format.SegmentIndex.StreamPart;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** How many bytes of the journal each stream takes, as far as they are known. Any thread reads, the writer's changes. */
final class Usage {

    private final Map<StreamId, Long> bytes = new ConcurrentHashMap<>();
    /** Segments that count. */
    private final Set<Long> counted = new HashSet<>();

    void add(long segment, StreamId stream, long more) {
        counted.add(segment);
        bytes.merge(stream, more, Long::sum);
    }

    /** Counts a segment that was there before. */
    void add(Segment segment, SegmentIndex index, Marks marks) {
        if (counted.add(segment.number())) {
            for (StreamPart part : index.streams()) {
                if (marks.floor(part.id()) < Positions.of(segment.number() + 1, 0)) {
                    bytes.merge(part.id(), part.bytes(), Long::sum);
                }
            }
        }
    }

    boolean counts(Segment segment) {
        return counted.contains(segment.number());
    }

    /** A stream's part of a segment is gone. */
    void remove(StreamPart part) {
        bytes.computeIfPresent(part.id(), (id, now) -> now <= part.bytes() ? null : now - part.bytes());
    }

    void forget(Segment segment) {
        counted.remove(segment.number());
    }

    long of(StreamId stream) {
        return bytes.getOrDefault(stream, 0L);
    }

    void clear() {
        bytes.clear();
        counted.clear();
    }
}
