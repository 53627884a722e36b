// SPDX-License-Identifier: Apache-2.0
package edge.journal;

import edge.api.journal.History;
import edge.api.journal.HistoryQuery;
import edge.api.journal.JournalException;
import edge.api.journal.JournalRecord;
import edge.api.message.StreamId;
import edge.journal.disk.Reasons;
import edge.journal.format.DamagedException;
import edge.journal.format.SegmentIndex;
import edge.journal.format.SegmentIndex.BlockPart;
import edge.journal.format.SegmentIndex.StreamPart;
import edge.journal.format.SegmentScanner;
import edge.journal.format.SegmentScanner.Kind;
import edge.journal.format.Span;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Walks through the segments, and in each through the blocks that its index says may hold what is asked for. */
final class LogHistory implements History {

    private static final Logger LOG = LoggerFactory.getLogger(LogHistory.class);
    private static final long MOST_BYTES = 1024 * 1024;

    /** Bytes of the segment from one offset to another. */
    private record Stretch(long from, long to) {
    }

    private final Log log;
    private final HistoryQuery query;
    private final LongConsumer damaged;
    private final long from;
    private final long until;
    private final Map<StreamId, Boolean> selected = new HashMap<>();
    private final Deque<Stretch> stretches = new ArrayDeque<>();
    private long number;
    private Segment segment;
    private SegmentScanner scanner;
    private Stretch stretch;

    LogHistory(Log log, HistoryQuery query, LongConsumer damaged) {
        this.log = log;
        this.query = query;
        this.damaged = damaged;
        from = Span.nanos(query.from());
        until = Span.nanos(query.until());
    }

    @Override
    public List<JournalRecord> read(int max) throws JournalException {
        List<JournalRecord> records = new ArrayList<>();
        try {
            for (long bytes = 0; records.size() < max && bytes < MOST_BYTES;) {
                if (stretch == null && !nextStretch()) {
                    break;
                }
                Kind kind = scanner.next(stretch.to());
                if (kind == Kind.RECORD) {
                    Optional<JournalRecord> record = take();
                    if (record.isPresent()) {
                        records.add(record.get());
                        bytes += scanner.nextOffset() - scanner.offset();
                    }
                } else if (kind == Kind.DAMAGE) {
                    damaged.accept(segment.number());
                } else if (kind == Kind.NONE || kind == Kind.FOREIGN) {
                    stretch = null;
                }
            }
        } catch (IOException e) {
            close();
            throw new JournalException(JournalException.Kind.FAILING, "The journal in " + log.place() + " cannot be read: "
                + Reasons.of(e) + ". Look at the disk.", e);
        }
        return records;
    }

    /** Goes to the next bytes that may hold something; returns whether there are any. */
    private boolean nextStretch() throws IOException {
        while (stretches.isEmpty()) {
            close();
            Optional<Segment> next = log.segments().after(number);
            if (next.isEmpty()) {
                return false;
            }
            segment = next.get();
            number = segment.number();
            plan();
        }
        if (scanner == null) {
            scanner = log.segments().scan(segment);
            // The header tells the salt that ties the segment's frames together.
            scanner.next(log.segments().end(segment));
        }
        stretch = stretches.poll();
        scanner.seek(stretch.from());
        return true;
    }

    private void plan() throws IOException {
        long end = log.segments().end(segment);
        if (!segment.isSealed()) {
            stretches.add(new Stretch(0, end));
            return;
        }
        SegmentIndex index = log.segments().index(segment);
        BitSet wanted = new BitSet();
        for (int i = 0; i < index.streams().size(); i++) {
            wanted.set(i, mayMatch(index, index.streams().get(i)));
        }
        for (int i = 0; i < index.blocks().size() && !wanted.isEmpty(); i++) {
            BlockPart block = index.blocks().get(i);
            if (block.streams().intersects(wanted) && log.times().mayLie(index.bootId(), block.span(), from, until)) {
                long to = i + 1 < index.blocks().size() ? index.blocks().get(i + 1).offset() : end;
                Stretch last = stretches.peekLast();
                if (last != null && last.to() == block.offset()) {
                    stretches.removeLast();
                    stretches.add(new Stretch(last.from(), to));
                } else {
                    stretches.add(new Stretch(block.offset(), to));
                }
            }
        }
    }

    private boolean mayMatch(SegmentIndex index, StreamPart part) {
        boolean sequences = query.firstSequence() == 0 || part.epoch() == query.epoch()
            && part.first() <= query.lastSequence() && part.last() >= query.firstSequence();
        return isSelected(part.id()) && sequences && (part.hasEntries() || !query.ledgerOnly())
            && log.times().mayLie(index.bootId(), part.span(), from, until);
    }

    private boolean isSelected(StreamId stream) {
        return selected.computeIfAbsent(stream, query.streams()::includes);
    }

    /** The record at hand, if it matches. */
    private Optional<JournalRecord> take() {
        StreamId stream = scanner.stream().id();
        boolean numbered = query.firstSequence() == 0 || scanner.stream().epoch() == query.epoch()
            && scanner.sequence() >= query.firstSequence() && scanner.sequence() <= query.lastSequence();
        long position = Positions.of(segment.number(), scanner.offset());
        if (!numbered || !isSelected(stream) || query.ledgerOnly() && !scanner.isEntry()
            || position < log.marks().floor(stream)) {
            return Optional.empty();
        }
        try {
            JournalRecord record = scanner.decode(position);
            return record != null && isInTime(record) ? Optional.of(record) : Optional.empty();
        } catch (DamagedException e) {
            damaged.accept(segment.number());
            return Optional.empty();
        }
    }

    private boolean isInTime(JournalRecord record) {
        if (record instanceof JournalRecord.Summary summary) {
            return summary.from().isBefore(query.until()) && summary.until().isAfter(query.from());
        }
        Instant time = log.times().of(record.bootId(), record.at());
        return !time.isBefore(query.from()) && time.isBefore(query.until());
    }

    @Override
    public void close() {
        stretch = null;
        stretches.clear();
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
