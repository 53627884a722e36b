// SPDX-License-Identifier: Apache-2.0
package edge.runtime.health;

import edge.api.health.HealthCheck;
import edge.api.health.HealthReport;
import edge.api.health.HealthReport.Status;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Is there room left for the gateway's data? */
@Component
public final class DiskCheck implements HealthCheck {
    private static final long MIB = 1024 * 1024;
    private static final String REMEDY = "Free some space, or lower the quota of the journal.";

    private final StatusSince since = new StatusSince();
    private final Resources resources;

    @Activate
    public DiskCheck(@Reference Resources resources) {
        this.resources = resources;
    }

    @Override
    public String subject() {
        return "disk";
    }

    @Override
    public HealthReport check() {
        return report(resources.disk());
    }

    HealthReport report(Resources.Disk disk) {
        if (disk == null) {
            return since.ok();
        } else if (!disk.failure().isEmpty()) {
            return since.report(Status.CRITICAL, "the data directory " + disk.failure(),
                "Check that its file system is mounted, healthy and writable for the gateway's user.");
        }
        String text = disk.free() / MIB + " MiB of " + disk.total() / MIB + " MiB are free in the file system of the data "
            + "directory";
        if (disk.free() < Math.min(disk.total() / 50, 50 * MIB)) {
            return since.report(Status.CRITICAL, text, REMEDY);
        } else if (disk.free() < Math.min(disk.total() / 10, 200 * MIB)) {
            return since.report(Status.WARN, text, REMEDY);
        }
        return since.ok();
    }
}
