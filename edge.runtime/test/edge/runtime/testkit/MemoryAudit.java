// SPDX-License-Identifier: Apache-2.0
package edge.runtime.testkit;

import edge.api.access.AuditLog;
import edge.api.access.Caller;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** An audit log that only remembers. */
public final class MemoryAudit implements AuditLog {
    private final List<Entry> entries = Collections.synchronizedList(new ArrayList<>());

    @Override
    public void record(Caller caller, String action, String subject, String outcome) {
        entries.add(new Entry(Instant.now(), caller.name(), caller.origin(), action, subject, outcome));
    }

    @Override
    public List<Entry> recent(int limit) {
        List<Entry> newest = new ArrayList<>(entries);
        Collections.reverse(newest);
        return newest.subList(0, Math.min(limit, newest.size()));
    }

    public List<String> outcomes(String caller) {
        synchronized (entries) {
            return entries.stream().filter(entry -> entry.caller().equals(caller)).map(Entry::outcome).toList();
        }
    }
}
