// SPDX-License-Identifier: Apache-2.0
package edge.runtime.testkit;

import edge.api.health.Events;
import edge.api.health.HealthReport;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Events that are only remembered. */
public final class MemoryEvents implements Events {
    private final List<Event> all = new CopyOnWriteArrayList<>();

    @Override
    public void add(HealthReport.Status level, String subject, String text) {
        all.add(0, new Event(Instant.now(), level, subject, text));
    }

    @Override
    public List<Event> recent(int limit) {
        return all.subList(0, Math.min(limit, all.size()));
    }
}
