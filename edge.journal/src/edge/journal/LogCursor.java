// SPDX-License-Identifier: Apache-2.0
package edge.journal;

import edge.api.journal.Cursor;
import edge.api.journal.JournalException;
import edge.api.journal.JournalRecord;
import edge.api.journal.StreamSelection;
import edge.api.message.StreamId;
import edge.journal.Spans.Span;
import edge.journal.disk.Reasons;
import edge.journal.format.DamagedException;
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

/** A reader of some ranges of the log, whose marks are kept by its owner. */
final class LogCursor implements Cursor {

    private static final Logger LOG = LoggerFactory.getLogger(LogCursor.class);
    /** One read gives no more payload than this, and at least one record. */
    private static final long MOST_BYTES = 1024 * 1024;
    private static final long NOTHING = -1;

    /** What the cursor needs of its journal. */
    interface Owner {
        void markMoved(LogCursor cursor);

        /** Damage was met: it will be accounted for. Returns whether it is already. */
        boolean damaged(long segment);

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
    /** Changed under the lock. */
    private volatile Spans spans;
    /** Where reading goes on. */
    private volatile long nextRead;
    /** A damaged segment that is not yet in the ledger. */
    private volatile long waitsFor = NOTHING;
    private volatile boolean closed;

    // Guarded by this, which the reading thread holds while it reads and close() needs.
    private final Deque<Delivered> delivered = new ArrayDeque<>();
    private final LogReader reader;
    private long readTo;
    private long markBlock;

    LogCursor(Log log, Owner owner, String name, StreamSelection selection, List<Place.Range> ranges) throws IOException {
        this.log = log;
        this.owner = owner;
        this.name = name;
        this.selection = selection;
        spans = new Spans(List.of());
        reader = new LogReader(log, "Cursor " + name, this::isSelected, this::mayPass);
        List<Span> found = new ArrayList<>();
        for (Place.Range range : ranges) {
            long total = range.isOpen() ? 0 : countTo(range.until());
            found.add(new Span(range.mark(), range.until(), countTo(range.mark()), total));
        }
        spans = new Spans(found);
        readTo = found.isEmpty() ? 0 : spans.first().mark();
        nextRead = readTo;
        if (found.size() != 1 || !spans.first().isOpen()) {
            reader.close();
        }
    }

    /** Whether a segment's damage is in the ledger; until then, reading waits before it. */
    private boolean mayPass(long segment) {
        boolean accounted = owner.damaged(segment);
        waitsFor = accounted ? NOTHING : segment;
        return accounted;
    }

    private long countTo(long position) throws IOException {
        reader.locate(position);
        return reader.isOpen() ? reader.count() : total();
    }

    /** Selected records that are on disk, counted from the journal's first day. */
    long total() {
        long wanted = 0;
        for (StreamMark each : log.streams()) {
            if (isSelected(each.id())) {
                wanted += each.total();
            }
        }
        return wanted;
    }

    private boolean isSelected(StreamId stream) {
        Boolean known = selected.get(stream);
        if (known == null) {
            known = selection.includes(stream);
            selected.put(stream, known);
        }
        return known;
    }

    String name() {
        return name;
    }

    StreamSelection selection() {
        return selection;
    }

    Spans spans() {
        return spans;
    }

    /** What is still to be done, for the disk. */
    List<Place.Range> ranges() {
        return spans.ranges();
    }

    // ------------------------------------------------------------------------------------------------- reading

    @Override
    public synchronized List<JournalRecord> read(int max) throws JournalException {
        if (closed) {
            throw new JournalException(JournalException.Kind.CLOSED, "The cursor '" + name + "' is closed.");
        }
        List<JournalRecord> records = new ArrayList<>();
        try {
            long bytes = 0;
            boolean more = true;
            while (more && records.size() < max && bytes < MOST_BYTES) {
                Optional<Span> span = spans.behind(readTo);
                if (span.isPresent() && advance(span.get())) {
                    bytes += reader.size();
                    more = take(records);
                } else {
                    more = span.isPresent() && endSpan(span.get());
                }
            }
        } catch (IOException e) {
            reader.close();
            if (records.isEmpty()) {
                throw new JournalException(JournalException.Kind.FAILING, "The journal in " + log.place()
                    + " cannot be read: " + Reasons.of(e) + ". Look at the disk.", e);
            }
        }
        passUnwanted();
        nextRead = reader.isOpen() ? Math.max(readTo, reader.nextPosition()) : readTo;
        return records;
    }

    private boolean advance(Span span) throws IOException {
        if (!reader.isOpen() || reader.isStale() || readTo < span.mark()) {
            reader.locate(Math.max(readTo, span.mark()));
            if (readTo <= span.mark() && reader.isOpen()) {
                spans = spans.recounted(span, reader.count());
            }
        }
        boolean found = reader.next(span.until());
        readTo = Math.max(readTo, Math.min(reader.readTo(), span.until()));
        return found;
    }

    /** Whether the span gives nothing more, ever: then the next one is read. */
    private boolean endSpan(Span span) {
        boolean ended = !span.isOpen() && (reader.isOpen() ? reader.nextPosition() > span.until()
            : log.readable() > span.until());
        if (ended) {
            readTo = span.until();
        }
        return ended;
    }

    private boolean take(List<JournalRecord> records) {
        try {
            long block = reader.block();
            Optional<JournalRecord> record = reader.decode();
            if (record.isPresent()) {
                records.add(record.get());
                delivered.add(new Delivered(readTo, reader.count(), block));
            }
            return true;
        } catch (DamagedException e) {
            readTo = reader.readTo();
            return false;
        }
    }

    // --------------------------------------------------------------------------------------------------- marks

    @Override
    public synchronized void acknowledge(long position) {
        // Never beyond what there is: a mark behind the end would hide what is appended next.
        long wanted = Math.min(position, log.readable() - 1);
        if (spans.isEmpty() || wanted <= spans.first().mark()) {
            return;
        }
        Delivered last = null;
        while (!delivered.isEmpty() && delivered.peek().position() <= wanted) {
            last = delivered.poll();
        }
        if (last != null) {
            markBlock = last.block();
        }
        spans = spans.from(wanted, last == null ? -1 : last.count());
        passUnwanted();
        owner.markMoved(this);
    }

    /** Records of other streams do not hold the mark, or a rare stream would keep the whole journal from being deleted. */
    private void passUnwanted() {
        if (delivered.isEmpty() && !spans.isEmpty() && readTo > spans.first().mark()) {
            boolean here = reader.isOpen() && reader.readTo() == readTo;
            markBlock = here ? reader.block() : 0;
            spans = spans.from(readTo, here ? reader.count() : -1);
            owner.markMoved(this);
        }
    }

    @Override
    public synchronized void rewind() {
        if (delivered.isEmpty()) {
            return;
        }
        delivered.clear();
        Span first = spans.first();
        readTo = first.mark();
        boolean near = false;
        try {
            near = reader.relocate(readTo, markBlock, first.passed());
        } catch (IOException e) {
            LOG.debug("{} reads its segment anew", name, e);
        }
        if (!near) {
            reader.close();
        }
        nextRead = readTo;
    }

    /** Reads other ranges from now on. */
    synchronized void become(Spans newSpans) {
        delivered.clear();
        markBlock = 0;
        reader.close();
        spans = newSpans;
        readTo = newSpans.isEmpty() ? readTo : newSpans.first().mark();
        nextRead = readTo;
    }

    // ------------------------------------------------------------------------------------------------- backlog

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
        Spans now = spans;
        long records = now.records(wanted);
        long bytes = 0;
        for (Span span : now.all()) {
            bytes += log.segments().bytes(span.mark(), span.until());
        }
        // Streams share the segments: this one's part of the bytes is taken to be its part of the records.
        return new Backlog(records, records == 0 || all == 0 ? 0 : (long) (bytes * ((double) wanted / all)));
    }

    // ------------------------------------------------------------------------------------------------- waiting

    @Override
    public void whenAvailable(Runnable newWakeUp) {
        wakeUp.set(newWakeUp);
        if (isAvailable()) {
            owner.wake();
        }
    }

    private boolean isAvailable() {
        long next = nextRead;
        long segment = waitsFor;
        return log.readable() > next && (segment == NOTHING || owner.damaged(segment)) && spans.reachBeyond(next);
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
            reader.close();
        }
        owner.closed(this);
    }
}
