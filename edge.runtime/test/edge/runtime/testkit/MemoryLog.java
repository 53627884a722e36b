// SPDX-License-Identifier: Apache-2.0
package edge.runtime.testkit;

import edge.api.health.LogBook;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A log that a test writes. */
public final class MemoryLog implements LogBook {
    private final List<Line> all = new CopyOnWriteArrayList<>();

    public synchronized void add(Level level, String text) {
        all.add(new Line(all.size() + 1, Instant.now(), level, "acme", text, ""));
    }

    @Override
    public List<Line> lines(long after, Level atLeast, int limit) {
        List<Line> found = all.stream().filter(line -> line.number() > after && line.level().compareTo(atLeast) >= 0).toList();
        return found.subList(Math.max(0, found.size() - limit), found.size());
    }
}
