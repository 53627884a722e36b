// SPDX-License-Identifier: Apache-2.0
package edge.journal;

import edge.api.gateway.ClockCorrection;
import edge.api.journal.JournalRecord;
import edge.api.journal.JournalStatus;
import edge.api.message.StreamId;
import edge.journal.disk.Reasons;
import edge.journal.disk.Storage;
import edge.journal.format.Checkpoint;
import edge.journal.format.DamagedException;
import edge.journal.format.SegmentScanner;
import edge.journal.format.SegmentScanner.Kind;
import edge.journal.format.StreamMark;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out where the journal ended. Reads the last segment and as many before it as are needed to find a sound header:
 * mostly none.
 */
final class Recovery {

    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

    /**
     * @param streams where each stream ended
     * @param corrections of the clock, the oldest first
     * @param damaged segments in which damage was found
     * @param lastStop how the run before ended
     * @param next number of the next segment
     */
    record Result(List<StreamMark> streams, List<ClockCorrection> corrections, List<Long> damaged,
                  JournalStatus.LastStop lastStop, long next) {

        boolean tailLost() {
            return lastStop == JournalStatus.LastStop.TAIL_LOST;
        }
    }

    private final Storage storage;
    private final Segments segments;
    private final Quarantine quarantine;
    private final Map<StreamId, StreamMark> streams = new LinkedHashMap<>();
    private final List<Long> damaged = new ArrayList<>();
    private final Set<ClockCorrection> corrections = new LinkedHashSet<>();
    private boolean tailLost;
    private boolean clean;
    private long end;
    /** Whether the segment says itself that it ends there, whatever lies behind. */
    private boolean ended;

    Recovery(Storage storage, Segments segments, Quarantine quarantine) {
        this.storage = storage;
        this.segments = segments;
        this.quarantine = quarantine;
    }

    /** @param highestMark the greatest position that any cursor has durably passed */
    Result run(long highestMark) throws IOException {
        list();
        long newest = Math.max(segments.last().map(Segment::number).orElse(0L), Positions.segment(highestMark));
        Optional<Segment> last = segments.last();
        while (last.isPresent() && !hasFrames(last.get())) {
            setAside(last.get());
            last = segments.last();
        }
        if (last.isPresent()) {
            scanFrom(firstNeeded(last.get()));
            cut(last.get());
            if (!clean && !headerOf(last.get()).map(Checkpoint::synced).orElse(false)) {
                tailLost = true;
            }
            if (highestMark >= Positions.of(last.get().number(), end)) {
                // Somebody was given records that are not here any more.
                tailLost = true;
            }
        }
        if (highestMark > 0 && last.isEmpty()) {
            tailLost = true;
        }
        return new Result(List.copyOf(streams.values()), List.copyOf(corrections), List.copyOf(damaged), lastStop(last),
            newest + 1);
    }

    private JournalStatus.LastStop lastStop(Optional<Segment> last) {
        if (tailLost) {
            return JournalStatus.LastStop.TAIL_LOST;
        } else if (last.isEmpty()) {
            return JournalStatus.LastStop.NONE;
        }
        return clean ? JournalStatus.LastStop.CLEAN : JournalStatus.LastStop.UNCLEAN;
    }

    private void list() throws IOException {
        for (String name : storage.list("")) {
            Optional<Long> number = Segment.number(name);
            if (number.isPresent()) {
                segments.add(new Segment(number.get(), storage.size(name), -1, true));
            }
        }
    }

    private Optional<Checkpoint> headerOf(Segment segment) throws IOException {
        return segments.header(segment);
    }

    /** Whether there is anything at all in it that belongs to a segment. */
    private boolean hasFrames(Segment segment) throws IOException {
        try (SegmentScanner scanner = segments.scan(segment)) {
            while (true) {
                switch (scanner.next(segment.size())) {
                    case HEADER, RECORD, END, INDEX, FOREIGN -> {
                        return true;
                    }
                    case NONE -> {
                        return false;
                    }
                    case DAMAGE -> tailLost |= scanner.nextOffset() == segment.size() && !scanner.isTorn()
                        && !scanner.holdsAnother(segment.size());
                    default -> throw new IllegalStateException();
                }
            }
        }
    }

    private void setAside(Segment segment) throws IOException {
        boolean another;
        try (SegmentScanner scanner = segments.scan(segment)) {
            another = scanner.holdsAnother(segment.size());
        }
        if (segment.size() > 0 && !another) {
            LOG.warn("{} in {} holds no record: its first write was cut short; moved to quarantine", segment.name(),
                storage.place());
            quarantine.take(segment);
        } else {
            storage.delete(segment.name());
        }
        segments.remove(segment);
    }

    /** The newest segment whose header tells the streams. */
    private Segment firstNeeded(Segment last) throws IOException {
        Segment first = last;
        while (headerOf(first).isEmpty()) {
            Optional<Segment> before = segments.before(first.number());
            if (before.isEmpty()) {
                break;
            }
            first = before.get();
        }
        headerOf(first).ifPresent(header -> {
            header.begun().forEach(mark -> streams.put(mark.id(), mark));
            corrections.addAll(header.corrections());
        });
        return first;
    }

    private void scanFrom(Segment first) throws IOException {
        Optional<Segment> segment = Optional.of(first);
        while (segment.isPresent()) {
            Optional<Segment> next = segments.after(segment.get().number());
            scan(segment.get(), next.isEmpty());
            segment = next;
        }
    }

    private void scan(Segment segment, boolean isLast) throws IOException {
        long limit = isLast ? segment.size() : segments.end(segment);
        end = 0;
        ended = false;
        clean = false;
        try (SegmentScanner scanner = segments.scan(segment)) {
            while (true) {
                Kind kind = scanner.next(limit);
                switch (kind) {
                    case RECORD -> {
                        clean = false;
                        advance(scanner, segment);
                    }
                    case END -> {
                        clean = true;
                        scanner.checkpoint().ended().forEach(mark -> streams.put(mark.id(), mark));
                    }
                    case DAMAGE -> {
                        if (isLast && scanner.nextOffset() == limit) {
                            // Behind the mark of a clean stop nothing matters.
                            tailLost |= !clean && !scanner.isTorn();
                            return;
                        }
                        damaged.add(segment.number());
                    }
                    case FOREIGN -> {
                        LOG.error("{} in {} was written by a newer version and is left alone; its streams begin new epochs",
                            segment.name(), storage.place());
                        tailLost = true;
                        end = segment.size();
                        return;
                    }
                    case NONE -> {
                        ended = scanner.isTail();
                        return;
                    }
                    case INDEX -> {
                        // It belongs to the segment, and not to what may be read of it.
                        ended = true;
                        return;
                    }
                    default -> {
                        // A header: its streams are known already.
                    }
                }
                end = scanner.nextOffset();
            }
        }
    }

    private void advance(SegmentScanner scanner, Segment segment) {
        StreamId id = scanner.stream().id();
        long epoch = scanner.stream().epoch();
        StreamMark mark = streams.get(id);
        boolean goesOn = mark != null && mark.epoch() == epoch;
        long last = goesOn ? Math.max(mark.last(), scanner.sequence()) : scanner.sequence();
        streams.put(id, new StreamMark(id, epoch, last, (mark == null ? 0 : mark.total()) + 1));
        if (scanner.isCorrection()) {
            try {
                if (scanner.decode(Positions.of(segment.number(), scanner.offset())) instanceof JournalRecord.Correction known) {
                    corrections.add(known.correction());
                }
            } catch (DamagedException e) {
                LOG.debug("A correction of the clock in {} is damaged; whoever reads it tells", segment.name());
            }
        }
    }

    /** Cuts a torn frame. Where nobody can tell what the bytes were they stay: until the next segment tells where to stop. */
    private void cut(Segment last) throws IOException {
        last.end(end);
        if (end == last.size() || ended) {
            return;
        }
        if (tailLost) {
            LOG.error("{} in {} ends in {} bytes that are no record; acknowledged records may be lost, so every stream begins"
                + " a new epoch", last.name(), storage.place(), last.size() - end);
            quarantine.copy(last, end, last.size());
            return;
        }
        try {
            storage.truncate(last.name(), end);
            last.size(end);
        } catch (IOException e) {
            // Nothing is ever appended here, and the next segment will tell where this one ended.
            LOG.warn("the torn end of {} in {} stays: {}", last.name(), storage.place(), Reasons.of(e));
        }
    }
}
