// SPDX-License-Identifier: Apache-2.0
package edge.journal;

import edge.api.device.Tag;
import edge.api.journal.Cursor;
import edge.api.journal.JournalException;
import edge.api.journal.JournalException.Kind;
import edge.api.journal.Lanes;
import edge.api.journal.StreamSelection;
import edge.journal.disk.Reasons;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The readers that are open, each by its name, and what each has still to do. Any thread. */
final class Readers {

    private static final Logger LOG = LoggerFactory.getLogger(Readers.class);

    private final Log log;
    private final AppendQueue queue;
    private final Set<LogCursor> cursors = ConcurrentHashMap.newKeySet();
    private final Map<String, Supplier<Place>> places = new ConcurrentHashMap<>();
    private volatile Care care;
    private volatile boolean closing;

    Readers(Log log, AppendQueue queue) {
        this.log = log;
        this.queue = queue;
    }

    /** @param keeper of their marks */
    void start(Care keeper) {
        care = keeper;
    }

    /** What each has still to do. */
    Map<String, Place> places() {
        Map<String, Place> now = new HashMap<>();
        places.forEach((name, place) -> now.put(name, place.get()));
        return now;
    }

    /** There may be something new for those that wait. */
    void wake() {
        for (LogCursor cursor : cursors) {
            cursor.wakeIfAvailable();
        }
    }

    Cursor open(String name, StreamSelection selection) throws JournalException {
        return reader(name, selection, place -> {
            // Lanes that are opened as one cursor begin where the first of them has something to do.
            LogCursor cursor = new LogCursor(log, new SoleOwner(), name, selection, Place.behind(selection, place.mark()).ranges());
            places.put(name, () -> new Place(selection, cursor.ranges()));
            cursors.add(cursor);
            return cursor;
        });
    }

    Lanes openLanes(String name, StreamSelection selection) throws JournalException {
        return reader(name, selection, place -> {
            List<Place.Range> ranges = place.ranges();
            int last = ranges.size() - 1;
            CursorOwner owner = new CursorOwner();
            LogCursor live = new LogCursor(log, owner, name, selection, ranges.subList(last, last + 1));
            LogCursor backlog = new LogCursor(log, owner, name, selection, ranges.subList(0, last));
            LogLanes lanes = new LogLanes(log, new LanesOwner(), name, live, backlog);
            places.put(name, lanes::place);
            cursors.add(live);
            cursors.add(backlog);
            return lanes;
        });
    }

    /** Makes a reader from its place on disk. */
    private interface Opening<R> {
        R at(Place place) throws IOException;
    }

    private <R> R reader(String name, StreamSelection selection, Opening<R> opening) throws JournalException {
        if (!Tag.isName(name)) {
            throw new IllegalArgumentException("'" + name + "' is not a cursor's name: 1 to 64 of A-Z a-z 0-9 _ . -");
        }
        Optional<Place> kept = log.marks().get(name);
        Place place = kept.map(known -> known.with(selection)).orElseGet(() -> Place.behind(selection,
            log.segments().first().map(first -> Positions.of(first.number(), 0)).orElse(0L)));
        if (places.putIfAbsent(name, () -> place) != null) {
            throw new IllegalStateException("the cursor '" + name + "' is open already");
        }
        boolean done = false;
        try {
            if (!kept.equals(Optional.of(place))) {
                care.keepNow(Map.of(name, place));
            }
            R reader = open(opening, place);
            done = true;
            return reader;
        } catch (IOException e) {
            throw new JournalException(Kind.FAILING, "The journal in " + log.place() + " cannot be read: " + Reasons.of(e)
                + ". Look at the disk.", e);
        } finally {
            if (!done) {
                places.remove(name);
            }
        }
    }

    /** Tries again when what it would begin with was deleted meanwhile. */
    private <R> R open(Opening<R> opening, Place place) throws IOException {
        while (true) {
            Optional<Segment> first = log.segments().first();
            try {
                return opening.at(place);
            } catch (IOException e) {
                if (log.segments().first().equals(first)) {
                    throw e;
                }
            }
        }
    }

    boolean remove(String name) throws JournalException {
        if (places.containsKey(name)) {
            throw new IllegalStateException("the cursor '" + name + "' is open; close it first");
        }
        return care.remove(name);
    }

    private void keep(Map<String, Place> now) {
        try {
            care.keepNow(now);
        } catch (JournalException e) {
            LOG.warn("{} After a restart, records may be sent twice.", e.getMessage());
        }
    }

    private void closed(String name, Place place) {
        if (!closing) {
            keep(Map.of(name, place));
            places.remove(name);
        }
    }

    /** Closes all cursors and keeps every place. */
    void close() {
        closing = true;
        List.copyOf(cursors).forEach(LogCursor::close);
        keep(places());
    }

    /** For the cursors of lanes, too, which their lanes close. */
    private class CursorOwner implements LogCursor.Owner {
        @Override
        public void markMoved(LogCursor cursor) {
            care.markMoved();
        }

        @Override
        public boolean damaged(long segment) {
            return care.damaged(segment);
        }

        @Override
        public void wake() {
            queue.wake();
        }

        @Override
        public void closed(LogCursor cursor) {
            cursors.remove(cursor);
        }
    }

    private final class SoleOwner extends CursorOwner {
        @Override
        public void closed(LogCursor cursor) {
            super.closed(cursor);
            Readers.this.closed(cursor.name(), new Place(cursor.selection(), cursor.ranges()));
        }
    }

    private final class LanesOwner implements LogLanes.Owner {
        @Override
        public void keep(String name, Place place) throws JournalException {
            care.keepNow(Map.of(name, place));
        }

        @Override
        public void wake() {
            queue.wake();
        }

        @Override
        public void closed(LogLanes closed) {
            Readers.this.closed(closed.name(), closed.place());
        }
    }
}
