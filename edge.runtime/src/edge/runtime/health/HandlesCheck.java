// SPDX-License-Identifier: Apache-2.0
package edge.runtime.health;

import edge.api.health.HealthCheck;
import edge.api.health.HealthReport;
import edge.api.health.HealthReport.Status;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Can the gateway still open files and sockets? */
@Component
public final class HandlesCheck implements HealthCheck {
    private static final int WARN_PERCENT = 80;
    private static final int CRITICAL_PERCENT = 95;

    private final StatusSince since = new StatusSince();
    private final Resources resources;

    @Activate
    public HandlesCheck(@Reference Resources resources) {
        this.resources = resources;
    }

    @Override
    public String subject() {
        return "open files";
    }

    @Override
    public HealthReport check() {
        return report(resources.handles());
    }

    HealthReport report(Resources.Handles handles) {
        long percent = handles == null ? 0 : handles.open() * 100L / handles.max();
        if (percent < WARN_PERCENT) {
            return since.ok();
        }
        return since.report(percent < CRITICAL_PERCENT ? Status.WARN : Status.CRITICAL,
            handles == Resources.Handles.NONE_LEFT ? "no file and no socket can be opened any more, so many are open"
                : handles.open() + " of " + handles.max() + " files and sockets that the system allows are open",
            "Find the clients or the bundle that hold so many, or allow more (LimitNOFILE of the service, ulimit -n).");
    }
}
