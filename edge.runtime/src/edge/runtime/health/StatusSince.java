// SPDX-License-Identifier: Apache-2.0
package edge.runtime.health;

import edge.api.health.HealthReport;
import edge.api.health.HealthReport.Status;
import java.time.Instant;
import java.time.InstantSource;

/** Makes reports and remembers since when the status is what it is. Safe on every thread. */
public final class StatusSince {
    private final InstantSource wall;
    private Status status; // guarded by this
    private Instant since; // guarded by this

    public StatusSince() {
        this(InstantSource.system());
    }

    public StatusSince(InstantSource wall) {
        this.wall = wall;
    }

    public HealthReport ok() {
        return report(Status.OK, "", "");
    }

    public synchronized HealthReport report(Status now, String reason, String remedy) {
        if (now != status) {
            status = now;
            since = wall.instant();
        }
        return new HealthReport(now, since, reason, remedy);
    }
}
