// SPDX-License-Identifier: Apache-2.0
package edge.journal;

import edge.api.journal.Cursor;
import edge.api.journal.JournalException;
import edge.api.journal.Lanes;
import edge.journal.Spans.Span;
import java.util.List;

/** Two cursors over one kept place: its last range is live, all before it is backlog. */
final class LogLanes implements Lanes {

    /** What the lanes need of their journal. */
    interface Owner {
        /** Keeps a place now. */
        void keep(String name, Place place) throws JournalException;

        void wake();

        void closed(LogLanes lanes);
    }

    private final Log log;
    private final Owner owner;
    private final String name;
    private final LogCursor live;
    private final LogCursor backlog;
    private long forkPoint;
    private boolean closed;

    LogLanes(Log log, Owner owner, String name, LogCursor live, LogCursor backlog) {
        this.log = log;
        this.owner = owner;
        this.name = name;
        this.live = live;
        this.backlog = backlog;
        this.forkPoint = live.spans().first().mark();
    }

    String name() {
        return name;
    }

    /** What is still to be done in both lanes, for the disk. Any thread. */
    Place place() {
        // The live lane first: a fork changes it last, so that what is between the lanes may be in both and never in none.
        List<Place.Range> open = live.ranges();
        List<Place.Range> ranges = backlog.ranges();
        ranges.addAll(open);
        return new Place(live.selection(), ranges);
    }

    @Override
    public Cursor live() {
        return live;
    }

    @Override
    public Cursor backlog() {
        return backlog;
    }

    @Override
    public synchronized long forkPoint() {
        return forkPoint;
    }

    @Override
    public synchronized void fork() throws JournalException {
        if (closed) {
            throw new JournalException(JournalException.Kind.CLOSED, "The lanes '" + name + "' are closed.");
        }
        long total = live.total();
        long end = log.readable() - 1;
        Span before = live.spans().first();
        if (end <= before.mark()) {
            return;
        }
        Spans behind = backlog.spans().and(new Span(before.mark(), end, before.passed(), Math.max(total, before.passed())));
        Spans ahead = Spans.open(end, total);
        List<Place.Range> ranges = behind.ranges();
        ranges.addAll(ahead.ranges());
        owner.keep(name, new Place(live.selection(), ranges));
        backlog.become(behind);
        live.become(ahead);
        forkPoint = end;
        owner.wake();
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        live.close();
        backlog.close();
        owner.closed(this);
    }
}
