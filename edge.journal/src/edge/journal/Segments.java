// SPDX-License-Identifier: Apache-2.0
package edge.journal;

import edge.journal.format.Checkpoint;
import edge.journal.format.SegmentScanner;
import edge.journal.format.SegmentScanner.Kind;
import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** The files of the log, oldest first. The writer changes it, every thread reads it. */
final class Segments {

    private final BadSectors files;
    private final NavigableMap<Long, Segment> segments = new ConcurrentSkipListMap<>();

    Segments(BadSectors files) {
        this.files = files;
    }

    void clear() {
        segments.clear();
    }

    void add(Segment segment) {
        segments.put(segment.number(), segment);
    }

    void remove(Segment segment) {
        segments.remove(segment.number());
    }

    Collection<Segment> all() {
        return segments.values();
    }

    int count() {
        return segments.size();
    }

    long bytes() {
        long bytes = 0;
        for (Segment segment : segments.values()) {
            bytes += segment.size();
        }
        return bytes;
    }

    /** Bytes of what lies behind a mark, up to a position. */
    long bytes(long mark, long until) {
        long bytes = 0;
        for (Segment segment : segments.tailMap(Positions.segment(mark), true).values()) {
            long from = segment.number() == Positions.segment(mark) ? Positions.offset(mark) : 0;
            long to = segment.number() == Positions.segment(until) ? Positions.offset(until) : segment.size();
            if (segment.number() > Positions.segment(until)) {
                break;
            }
            bytes += Math.max(0, to - from);
        }
        return bytes;
    }

    Optional<Segment> first() {
        return value(segments.firstEntry());
    }

    Optional<Segment> last() {
        return value(segments.lastEntry());
    }

    Optional<Segment> get(long number) {
        return Optional.ofNullable(segments.get(number));
    }

    Optional<Segment> after(long number) {
        return value(segments.higherEntry(number));
    }

    Optional<Segment> before(long number) {
        return value(segments.lowerEntry(number));
    }

    private static Optional<Segment> value(Map.Entry<Long, Segment> entry) {
        return entry == null ? Optional.empty() : Optional.of(entry.getValue());
    }

    SegmentScanner scan(Segment segment) throws IOException {
        return new SegmentScanner(files.read(segment.name()), segment.number());
    }

    /** A segment's header; empty if it is damaged or of a newer version. */
    Optional<Checkpoint> header(Segment segment) throws IOException {
        try (SegmentScanner scanner = scan(segment)) {
            Kind kind = scanner.next(segment.size());
            while (kind == Kind.DAMAGE && scanner.nextOffset() <= edge.journal.format.Frames.PREAMBLE) {
                kind = scanner.next(segment.size());
            }
            return kind == Kind.HEADER ? Optional.of(scanner.checkpoint()) : Optional.empty();
        }
    }

    /** Below it, everything in the segment may be read. */
    long end(Segment segment) throws IOException {
        long end = segment.end();
        if (end < 0) {
            // The next segment knows where this one ended; what lies behind was never acknowledged.
            Optional<Segment> next = after(segment.number());
            Optional<Checkpoint> header = next.isPresent() ? header(next.get()) : Optional.empty();
            boolean told = header.isPresent() && header.get().previous() == segment.number();
            end = told ? header.get().previousEnd() : segment.size();
            segment.end(end);
        }
        return end;
    }
}
