// SPDX-License-Identifier: Apache-2.0
package edge.journal;

import edge.api.journal.Cursor;
import edge.api.journal.JournalException;
import edge.api.journal.Lanes;
import edge.journal.LogCursor.Span;
import java.util.ArrayList;
import java.util.List;

/** Two cursors over one kept place: its last range is live, all before it is backlog. */
final class LogLanes implements Lanes {

    /** So many ranges before the fork are kept apart; then the two that are closest become one, and what lies between is read again. */
    static final int MOST_RANGES = 16;

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
        this.forkPoint = live.spans().get(0).mark();
    }

    String name() {
        return name;
    }

    boolean has(LogCursor cursor) {
        return cursor == live || cursor == backlog;
    }

    /** What is still to be done in both lanes, for the disk. Any thread. */
    Place place() {
        // The live lane first: a fork changes it last, so that what is between the lanes may be in both and never in none.
        List<Place.Range> open = live.ranges();
        List<Place.Range> ranges = new ArrayList<>(backlog.ranges());
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
        Span before = live.spans().get(0);
        if (end <= before.mark()) {
            return;
        }
        List<Span> behind = new ArrayList<>(backlog.spans());
        behind.add(new Span(before.mark(), end, before.passed(), Math.max(total, before.passed())));
        joinClosest(behind);
        List<Span> ahead = List.of(LogCursor.open(end, total));
        List<Place.Range> ranges = new ArrayList<>();
        behind.forEach(span -> ranges.add(new Place.Range(span.mark(), span.until())));
        ranges.add(new Place.Range(end, Place.OPEN));
        owner.keep(name, new Place(live.selection(), ranges));
        backlog.become(behind);
        live.become(ahead);
        forkPoint = end;
        owner.wake();
    }

    private static void joinClosest(List<Span> spans) {
        for (int i = spans.size() - 1; i > 0; i--) {
            if (spans.get(i - 1).until() >= spans.get(i).mark()) {
                join(spans, i);
            }
        }
        while (spans.size() > MOST_RANGES) {
            int closest = 1;
            for (int i = 2; i < spans.size(); i++) {
                if (distance(spans, i) < distance(spans, closest)) {
                    closest = i;
                }
            }
            join(spans, closest);
        }
    }

    private static long distance(List<Span> spans, int index) {
        return spans.get(index).mark() - spans.get(index - 1).until();
    }

    private static void join(List<Span> spans, int index) {
        Span second = spans.remove(index);
        Span first = spans.get(index - 1);
        spans.set(index - 1, new Span(first.mark(), second.until(), first.passed(), second.total()));
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
