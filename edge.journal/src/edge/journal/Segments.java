// SPDX-License-Identifier: Apache-2.0
package edge.journal;

import edge.api.journal.JournalRecord;
import edge.journal.format.Checkpoint;
import edge.journal.disk.Storage.WriteFile;
import edge.journal.format.DamagedException;
import edge.journal.format.Output;
import edge.journal.format.SegmentIndex;
import edge.journal.format.SegmentScanner;
import edge.journal.format.SegmentScanner.Kind;
import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The files of the log, oldest first. The writer changes it, every thread reads it. */
final class Segments {

    private static final Logger LOG = LoggerFactory.getLogger(Segments.class);

    private final BadSectors files;
    private static final int MOST_INDEXES = 256;

    private final NavigableMap<Long, Segment> segments = new ConcurrentSkipListMap<>();
    // Guarded by itself. The oldest used goes first.
    private final Map<Long, SegmentIndex> indexes = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, SegmentIndex> eldest) {
            return size() > MOST_INDEXES;
        }
    };

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
        synchronized (indexes) {
            indexes.remove(segment.number());
        }
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

    void keep(Segment segment, SegmentIndex index) {
        synchronized (indexes) {
            indexes.put(segment.number(), index);
        }
    }

    /** What a sealed segment holds: as it says itself behind its end, or else found by reading it. */
    SegmentIndex index(Segment segment) throws IOException {
        synchronized (indexes) {
            SegmentIndex known = indexes.get(segment.number());
            if (known != null) {
                return known;
            }
        }
        Optional<SegmentIndex> written = writtenIndex(segment);
        SegmentIndex index = written.isPresent() ? written.get() : read(segment);
        keep(segment, index);
        return index;
    }

    /** Writes the index of a segment that was cut off before it had one. */
    void writeIndex(Segment segment) throws IOException {
        Optional<Checkpoint> header = header(segment);
        if (header.isEmpty() || writtenIndex(segment).isPresent()) {
            return;
        }
        long end = end(segment);
        Output out = new Output(64 * 1024);
        index(segment).write(out, segment.number(), header.get().salt(), end);
        try (WriteFile file = files.reopen(segment.name())) {
            file.write(end, out.array(), 0, out.size());
        }
        segment.size(Math.max(segment.size(), end + out.size()));
    }

    private Optional<SegmentIndex> writtenIndex(Segment segment) throws IOException {
        long end = end(segment);
        try (SegmentScanner scanner = scan(segment)) {
            if (scanner.next(end) != Kind.HEADER || segment.size() <= end) {
                return Optional.empty();
            }
            scanner.seek(end);
            boolean there = scanner.next(segment.size()) == Kind.INDEX && scanner.offset() == end;
            return there ? Optional.of(scanner.index()) : Optional.empty();
        }
    }

    private SegmentIndex read(Segment segment) throws IOException {
        SegmentIndex.Builder builder = null;
        long end = end(segment);
        try (SegmentScanner scanner = scan(segment)) {
            for (Kind kind = scanner.next(end); kind != Kind.NONE && kind != Kind.FOREIGN && kind != Kind.INDEX;
                 kind = scanner.next(end)) {
                if (kind == Kind.RECORD) {
                    try {
                        JournalRecord record = scanner.decode(Positions.of(segment.number(), scanner.offset()));
                        if (record != null) {
                            builder = builder == null ? new SegmentIndex.Builder(record.bootId()) : builder;
                            builder.add(record, scanner.blockOffset(), scanner.nextOffset() - scanner.offset());
                        }
                    } catch (DamagedException e) {
                        LOG.debug("{} is damaged; whoever reads it tells", segment.name());
                    }
                }
            }
        }
        return builder == null ? new SegmentIndex(new UUID(0, 0), List.of(), List.of(), List.of()) : builder.build();
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
