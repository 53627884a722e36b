// SPDX-License-Identifier: Apache-2.0
package edge.journal;

import edge.api.journal.Cursor;
import edge.api.journal.JournalException;
import edge.api.journal.JournalRecord;
import edge.api.journal.StreamSelection;
import edge.api.message.StreamId;
import edge.journal.disk.Reasons;
import edge.journal.format.Checkpoint;
import edge.journal.format.DamagedException;
import edge.journal.format.SegmentScanner;
import edge.journal.format.SegmentScanner.Kind;
import edge.journal.format.StreamMark;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A reader of the log with a durable mark. */
final class LogCursor implements Cursor {

    private static final Logger LOG = LoggerFactory.getLogger(LogCursor.class);
    /** One read gives no more payload than this, and at least one record. */
    private static final long MOST_BYTES = 1024 * 1024;

    /** What the cursor needs of its journal. */
    interface Owner {
        void markMoved();

        void damaged(long segment);

        void wake();

        void closed(LogCursor cursor);
    }

    /** A record that was read and not yet acknowledged. */
    private record Delivered(long position, long count, long block) {
    }

    private final Log log;
    private final Owner owner;
    private final String name;
    private final StreamSelection selection;
    private final Map<StreamId, Boolean> selected = new ConcurrentHashMap<>();
    private final AtomicReference<Runnable> wakeUp = new AtomicReference<>();
    private volatile long mark;
    /** Selected records up to the mark, counted from the journal's first day. */
    private volatile long passed;
    /** Where reading goes on. */
    private volatile long nextRead;
    private volatile boolean closed;

    // Guarded by this, which the reading thread holds while it reads and close() needs.
    private final Deque<Delivered> delivered = new ArrayDeque<>();
    private SegmentScanner scanner;
    private Segment segment;
    private Kind held;
    private long readTo;
    private long count;
    private long markBlock;

    LogCursor(Log log, Owner owner, String name, StreamSelection selection, long mark) throws IOException {
        this.log = log;
        this.owner = owner;
        this.name = name;
        this.selection = selection;
        this.mark = mark;
        this.readTo = mark;
        locate(mark);
        passed = count;
    }

    String name() {
        return name;
    }

    long mark() {
        return mark;
    }

    @Override
    public synchronized List<JournalRecord> read(int max) throws JournalException {
        if (closed) {
            throw new JournalException(JournalException.Kind.CLOSED, "The cursor '" + name + "' is closed.");
        }
        List<JournalRecord> records = new ArrayList<>();
        try {
            if (mark > readTo) {
                locate(mark);
                passed = count;
            } else if (scanner == null) {
                locate(readTo);
            }
            long bytes = 0;
            while (records.size() < max && bytes < MOST_BYTES && scanner != null) {
                long limit = limit();
                Kind kind = held != null ? held : scanner.next(limit);
                held = null;
                if (kind == Kind.NONE || kind == Kind.FOREIGN) {
                    if (!goOn(kind)) {
                        break;
                    }
                } else {
                    bytes += take(kind, records);
                }
            }
        } catch (IOException e) {
            leave();
            if (records.isEmpty()) {
                throw new JournalException(JournalException.Kind.FAILING, "The journal in " + log.place()
                    + " cannot be read: " + Reasons.of(e) + ". Look at the disk.", e);
            }
        }
        passUnwanted();
        nextRead = scanner == null ? readTo : Positions.of(segment.number(), scanner.nextOffset());
        return records;
    }

    /** Below it, the segment may be read. */
    private long limit() throws IOException {
        return log.segments().end(segment);
    }

    /** Takes what the scanner found; returns about how many bytes were given. */
    private long take(Kind kind, List<JournalRecord> records) {
        long bytes = 0;
        if (kind == Kind.RECORD) {
            long position = Positions.of(segment.number(), scanner.offset());
            if (isSelected(scanner.stream().id())) {
                try {
                    JournalRecord record = scanner.decode(position);
                    if (record != null) {
                        count++;
                        records.add(record);
                        delivered.add(new Delivered(position, count, scanner.blockOffset()));
                        bytes = scanner.nextOffset() - scanner.offset();
                    }
                } catch (DamagedException e) {
                    owner.damaged(segment.number());
                }
            }
            readTo = position;
        } else if (kind == Kind.DAMAGE) {
            owner.damaged(segment.number());
            readTo = Positions.of(segment.number(), scanner.nextOffset() - 1);
        }
        return bytes;
    }

    /** The segment gives nothing more for now: goes to the next one if nothing more can come. */
    private boolean goOn(Kind kind) throws IOException {
        // In this order: the end of a sealed segment is final.
        boolean sealed = segment.isSealed();
        if (kind == Kind.NONE && (!sealed || scanner.nextOffset() < limit())) {
            return false;
        }
        Optional<Segment> next = log.segments().after(segment.number());
        if (next.isEmpty()) {
            return false;
        }
        if (kind == Kind.FOREIGN) {
            LOG.warn("Cursor {} skips {}: a newer version wrote it", name, segment.name());
        }
        long before = segment.number();
        Optional<Checkpoint> header = enter(next.get());
        if (header.isPresent() && header.get().previous() > before) {
            // Whole segments between the two are gone.
            owner.damaged(before);
        }
        return true;
    }

    private Optional<Checkpoint> enter(Segment next) throws IOException {
        leave();
        Optional<Checkpoint> header = log.segments().header(next);
        scanner = log.segments().scan(next);
        segment = next;
        if (header.isPresent()) {
            count = total(header.get().begun());
        }
        return header;
    }

    private void leave() {
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

    /** Goes behind a position, which need not be there any more. */
    private void locate(long position) throws IOException {
        delivered.clear();
        long number = Positions.segment(position);
        Optional<Segment> at = log.segments().get(number);
        Optional<Segment> found = at.isPresent() ? at : log.segments().after(number);
        readTo = Math.max(readTo, position);
        if (found.isEmpty()) {
            leave();
            return;
        }
        enter(found.get());
        if (at.isPresent()) {
            skipTo(Positions.offset(position));
        }
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
            if (kind == Kind.RECORD && isSelected(scanner.stream().id())) {
                count++;
            }
        }
    }

    private boolean isSelected(StreamId stream) {
        Boolean known = selected.get(stream);
        if (known == null) {
            known = selection.includes(stream);
            selected.put(stream, known);
        }
        return known;
    }

    private long total(List<StreamMark> marks) {
        long total = 0;
        for (StreamMark each : marks) {
            if (isSelected(each.id())) {
                total += each.total();
            }
        }
        return total;
    }

    @Override
    public synchronized void acknowledge(long position) {
        // Never beyond what there is: a mark behind the end would hide what is appended next.
        long wanted = Math.min(position, log.readable() - 1);
        if (wanted <= mark) {
            return;
        }
        Delivered last = null;
        while (!delivered.isEmpty() && delivered.peek().position() <= wanted) {
            last = delivered.poll();
        }
        if (last != null) {
            passed = last.count();
            markBlock = last.block();
        }
        mark = wanted;
        passUnwanted();
        owner.markMoved();
    }

    /** Records of other streams do not hold the mark, or a rare stream would keep the whole journal from being deleted. */
    private void passUnwanted() {
        if (delivered.isEmpty() && readTo > mark) {
            mark = readTo;
            passed = count;
            markBlock = scanner == null ? 0 : scanner.blockOffset();
            owner.markMoved();
        }
    }

    @Override
    public synchronized void rewind() {
        if (delivered.isEmpty()) {
            return;
        }
        delivered.clear();
        readTo = mark;
        boolean near = scanner != null && markBlock > 0 && Positions.segment(mark) == segment.number();
        if (near) {
            try {
                held = null;
                count = passed;
                scanner.seek(markBlock);
                long known = count;
                skipTo(Positions.offset(mark));
                count = known;
            } catch (IOException e) {
                leave();
            }
        } else {
            leave();
        }
        nextRead = mark;
    }

    @Override
    public Backlog backlog() {
        long all = 0;
        long wanted = 0;
        for (StreamMark each : log.streams()) {
            all += each.total();
            if (isSelected(each.id())) {
                wanted += each.total();
            }
        }
        long position = mark;
        long records = Math.max(0, wanted - passed);
        long bytes = 0;
        for (Segment each : log.segments().all()) {
            if (each.number() > Positions.segment(position)) {
                bytes += each.size();
            } else if (each.number() == Positions.segment(position)) {
                bytes += Math.max(0, each.size() - Positions.offset(position));
            }
        }
        // Streams share the segments: this one's part of the bytes is taken to be its part of the records.
        return new Backlog(records, records == 0 || all == 0 ? 0 : (long) (bytes * ((double) wanted / all)));
    }

    @Override
    public void whenAvailable(Runnable newWakeUp) {
        wakeUp.set(newWakeUp);
        if (isAvailable()) {
            owner.wake();
        }
    }

    private boolean isAvailable() {
        return log.readable() > nextRead;
    }

    /** Called by the writer after it wrote. */
    void wakeIfAvailable() {
        if (wakeUp.get() != null && isAvailable()) {
            Runnable now = wakeUp.getAndSet(null);
            if (now != null) {
                try {
                    now.run();
                } catch (RuntimeException | Error e) {
                    // The writer goes on whatever a reader does.
                    LOG.error("The reader of cursor {} failed when it was woken", name, e);
                }
            }
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            wakeUp.set(null);
            leave();
        }
        owner.closed(this);
    }
}
