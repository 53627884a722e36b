// SPDX-License-Identifier: Apache-2.0
package edge.runtime.health;

import edge.api.health.Events;
import edge.api.health.HealthReport;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.osgi.service.component.annotations.Component;

/** The newest events, in memory. */
@Component(immediate = true)
public final class EventRing implements Events {
    static final int CAPACITY = 500;

    private static final int MAX_SUBJECT = 200;
    private static final int MAX_TEXT = 1_000;

    private final ArrayDeque<Event> ring = new ArrayDeque<>(CAPACITY); // guarded by this

    @Override
    public void add(HealthReport.Status level, String subject, String text) {
        Event event = new Event(Instant.now(), level, PlainText.oneLine(subject, MAX_SUBJECT),
            PlainText.oneLine(text, MAX_TEXT));
        synchronized (this) {
            if (ring.size() == CAPACITY) {
                ring.removeFirst();
            }
            ring.addLast(event);
        }
    }

    @Override
    public synchronized List<Event> recent(int limit) {
        List<Event> newest = new ArrayList<>(Math.max(0, Math.min(limit, ring.size())));
        for (Iterator<Event> from = ring.descendingIterator(); from.hasNext() && newest.size() < limit;) {
            newest.add(from.next());
        }
        return List.copyOf(newest);
    }
}
