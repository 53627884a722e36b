// SPDX-License-Identifier: Apache-2.0
package edge.web.support;

import edge.api.access.AuditLog;
import edge.api.access.Caller;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The audit log in memory. */
public final class FakeAudit implements AuditLog {
    private final List<Entry> entries = new CopyOnWriteArrayList<>();

    @Override
    public void record(Caller caller, String action, String subject, String outcome) {
        entries.add(0, new Entry(Instant.now(), caller.name(), caller.origin(), action, subject, outcome));
    }

    @Override
    public List<Entry> recent(int limit) {
        return entries.stream().limit(limit).toList();
    }
}
