// SPDX-License-Identifier: Apache-2.0
package edge.journal;

import edge.api.journal.JournalException;
import edge.api.journal.JournalRecord;
import edge.journal.disk.Reasons;
import edge.journal.format.DamagedException;
import edge.journal.format.SegmentScanner;
import edge.journal.format.SegmentScanner.Kind;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads single records by their positions. It stays where it read last, because the next call mostly goes on from there. */
final class Fetcher implements Closeable {

    private static final Logger LOG = LoggerFactory.getLogger(Fetcher.class);

    private final Log log;
    private final LongConsumer damaged;

    // All guarded by this.
    private Segment segment;
    private SegmentScanner scanner;
    private boolean closed;

    /** @param damaged is told the number of a segment in which damage was met */
    Fetcher(Log log, LongConsumer damaged) {
        this.log = log;
        this.damaged = damaged;
    }

    synchronized List<JournalRecord> fetch(List<Long> positions) throws JournalException {
        List<JournalRecord> found = new ArrayList<>(positions.size());
        try {
            for (long position : positions) {
                if (closed) {
                    throw new JournalException(JournalException.Kind.CLOSED, "The journal is closed.");
                }
                if (position < log.readable() && enter(position)) {
                    read(position).ifPresent(found::add);
                }
            }
        } catch (IOException e) {
            leave();
            throw new JournalException(JournalException.Kind.FAILING, "The journal in " + log.place()
                + " cannot be read: " + Reasons.of(e) + ". Look at the disk.", e);
        }
        return found;
    }

    /** Has the segment of the position open, before that position. False if it is gone. */
    private boolean enter(long position) throws IOException {
        long number = Positions.segment(position);
        Optional<Segment> wanted = log.segments().get(number);
        if (wanted.isEmpty()) {
            return false;
        }
        if (segment == null || segment.number() != number || scanner.nextOffset() > Positions.offset(position)) {
            leave();
            scanner = log.segments().scan(wanted.get());
            segment = wanted.get();
        }
        return true;
    }

    private Optional<JournalRecord> read(long position) throws IOException {
        long offset = Positions.offset(position);
        long limit = log.segments().end(segment);
        while (scanner.nextOffset() <= offset) {
            Kind kind = scanner.next(limit);
            if (kind == Kind.NONE || kind == Kind.FOREIGN) {
                return Optional.empty();
            }
            if (kind == Kind.DAMAGE) {
                damaged.accept(segment.number());
            } else if (kind == Kind.RECORD && scanner.offset() == offset) {
                try {
                    return Optional.ofNullable(scanner.decode(position));
                } catch (DamagedException e) {
                    damaged.accept(segment.number());
                    return Optional.empty();
                }
            }
        }
        return Optional.empty();
    }

    private void leave() {
        if (scanner != null) {
            try {
                scanner.close();
            } catch (IOException e) {
                LOG.debug("{} could not be closed", segment.name(), e);
            }
            scanner = null;
            segment = null;
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        leave();
    }
}
