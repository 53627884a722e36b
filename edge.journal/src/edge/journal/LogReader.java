// SPDX-License-Identifier: Apache-2.0
package edge.journal;

import edge.api.journal.JournalRecord;
import edge.api.message.StreamId;
import edge.journal.format.Checkpoint;
import edge.journal.format.DamagedException;
import edge.journal.format.SegmentScanner;
import edge.journal.format.SegmentScanner.Kind;
import edge.journal.format.StreamMark;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.LongPredicate;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Walks through the log, from segment to segment, and stops at the records of the selected streams. For one thread. */
final class LogReader implements Closeable {

    private static final Logger LOG = LoggerFactory.getLogger(LogReader.class);

    private final Log log;
    private final String name;
    private final Predicate<StreamId> selected;
    private final LongPredicate damaged;
    private SegmentScanner scanner;
    private Segment segment;
    private Kind held;
    private long readTo;
    private long count;

    /**
     * @param name for messages
     * @param damaged told the number of a segment in which damage was met; whether the ledger tells of it already: until then
     *     nobody passes it, for who has passed it would never be told
     */
    LogReader(Log log, String name, Predicate<StreamId> selected, LongPredicate damaged) {
        this.log = log;
        this.name = name;
        this.selected = selected;
        this.damaged = damaged;
    }

    /** Everything up to here was looked at. */
    long readTo() {
        return readTo;
    }

    /** Selected records up to there, counted from the journal's first day. */
    long count() {
        return count;
    }

    /** Position of the record that {@link #next} stopped at. */
    long position() {
        return Positions.of(segment.number(), scanner.offset());
    }

    /** About how many bytes it takes. */
    long size() {
        return scanner.nextOffset() - scanner.offset();
    }

    /** Position of its block. */
    long block() {
        return Positions.of(segment.number(), scanner.blockOffset());
    }

    StreamId stream() {
        return scanner.stream().id();
    }

    long epoch() {
        return scanner.stream().epoch();
    }

    long sequence() {
        return scanner.sequence();
    }

    boolean isEntry() {
        return scanner.isEntry();
    }

    /**
     * The record that {@link #next} stopped at. Once at most.
     *
     * @return empty if it cannot be read, and may be passed; or if a newer version wrote it
     * @throws DamagedException if it cannot be read, and may not yet be passed: the reader stands before it again
     */
    Optional<JournalRecord> decode() throws DamagedException {
        long position = position();
        try {
            return Optional.ofNullable(scanner.decode(position));
        } catch (DamagedException e) {
            if (damaged.test(segment.number())) {
                return Optional.empty();
            }
            close();
            readTo = position - 1;
            throw e;
        }
    }

    /** Where reading goes on. */
    long nextPosition() {
        if (scanner == null) {
            return readTo;
        }
        return Positions.of(segment.number(), held != null ? scanner.offset() : scanner.nextOffset());
    }

    boolean isOpen() {
        return scanner != null;
    }

    /** Whether its segment was deleted: then it must be located anew. */
    boolean isStale() {
        return scanner != null && log.segments().get(segment.number()).isEmpty();
    }

    /** Stops at the next record of a selected stream up to a position; returns whether there is one by now. */
    boolean next(long until) throws IOException {
        while (scanner != null) {
            Kind kind = held != null ? held : scanner.next(limit());
            held = null;
            if (kind == Kind.NONE || kind == Kind.FOREIGN || kind == Kind.INDEX) {
                if (Positions.of(segment.number(), scanner.nextOffset()) > until || !goOn(kind)) {
                    return false;
                }
                continue;
            }
            if (position() > until) {
                held = kind;
                return false;
            }
            if (kind == Kind.RECORD) {
                readTo = position();
                if (selected.test(stream())) {
                    count++;
                    if (readTo >= log.marks().floor(stream())) {
                        return true;
                    }
                }
            } else if (kind == Kind.DAMAGE) {
                if (!damaged.test(segment.number())) {
                    held = kind;
                    return false;
                }
                readTo = Positions.of(segment.number(), scanner.nextOffset() - 1);
            }
        }
        return false;
    }

    /** Below it, the segment may be read. */
    private long limit() throws IOException {
        return log.segments().end(segment);
    }

    /** The segment gives nothing more for now: goes to the next one if nothing more can come. */
    private boolean goOn(Kind kind) throws IOException {
        // In this order: the end of a sealed segment is final.
        boolean sealed = segment.isSealed();
        if (kind == Kind.NONE && (!sealed || scanner.nextOffset() < limit() && !scanner.isTail())) {
            return false;
        }
        Optional<Segment> next = log.segments().after(segment.number());
        if (next.isEmpty()) {
            return false;
        }
        if (kind == Kind.FOREIGN) {
            LOG.warn("{} skips {}: a newer version wrote it", name, segment.name());
        }
        long before = segment.number();
        Optional<Checkpoint> header = enter(next.get());
        if (header.isPresent() && header.get().previous() > before) {
            // Whole segments between the two are gone.
            damaged.test(before);
        }
        return true;
    }

    private Optional<Checkpoint> enter(Segment next) throws IOException {
        close();
        Optional<Checkpoint> header = log.segments().header(next);
        scanner = log.segments().scan(next);
        segment = next;
        if (header.isPresent()) {
            count = total(header.get().begun());
        }
        return header;
    }

    private long total(List<StreamMark> marks) {
        long total = 0;
        for (StreamMark each : marks) {
            if (selected.test(each.id())) {
                total += each.total();
            }
        }
        return total;
    }

    /** Goes behind a position, which need not be there any more. */
    void locate(long position) throws IOException {
        long number = Positions.segment(position);
        Optional<Segment> at = log.segments().get(number);
        Optional<Segment> found = at.isPresent() ? at : log.segments().after(number);
        readTo = position;
        if (found.isEmpty()) {
            close();
            return;
        }
        enter(found.get());
        if (at.isPresent()) {
            skipTo(Positions.offset(position));
        } else {
            // What was in between is deleted.
            readTo = Math.max(readTo, Positions.of(found.get().number(), 0));
        }
    }

    /**
     * Goes back within the segment, behind a position whose block and count are known.
     *
     * @return false if it is in another segment: then nothing changed
     */
    boolean relocate(long position, long block, long knownCount) throws IOException {
        long number = Positions.segment(position);
        if (scanner == null || number != segment.number() || number != Positions.segment(block)
            || Positions.offset(block) == 0) {
            return false;
        }
        held = null;
        scanner.seek(Positions.offset(block));
        skipTo(Positions.offset(position));
        count = knownCount;
        readTo = position;
        return true;
    }

    /** Goes to a block of a segment. */
    void seek(Segment target, long block) throws IOException {
        if (scanner == null || segment != target) {
            close();
            scanner = log.segments().scan(target);
            segment = target;
        }
        held = null;
        scanner.seek(block);
        readTo = Positions.of(target.number(), block) - 1;
    }

    /** Skips what begins at or before the offset. */
    private void skipTo(long offset) throws IOException {
        long limit = limit();
        while (scanner.nextOffset() <= offset) {
            Kind kind = scanner.next(limit);
            if (kind == Kind.NONE || kind == Kind.FOREIGN || scanner.offset() > offset) {
                held = kind == Kind.NONE ? null : kind;
                return;
            }
            if (kind == Kind.RECORD && selected.test(stream())) {
                count++;
            }
        }
    }

    /** Lets go of the file; {@link #locate} goes on. */
    @Override
    public void close() {
        held = null;
        if (scanner != null) {
            try {
                scanner.close();
            } catch (IOException e) {
                LOG.debug("{} could not be closed", segment.name(), e);
            }
            scanner = null;
        }
    }
}
