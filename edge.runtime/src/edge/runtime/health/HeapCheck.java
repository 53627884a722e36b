// SPDX-License-Identifier: Apache-2.0
package edge.runtime.health;

import edge.api.health.HealthCheck;
import edge.api.health.HealthReport;
import edge.api.health.HealthReport.Status;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Does what the gateway keeps in memory fit into its heap? */
@Component
public final class HeapCheck implements HealthCheck {
    private static final long MIB = 1024 * 1024;
    private static final int WARN_PERCENT = 80;
    private static final int CRITICAL_PERCENT = 92;

    private final StatusSince since = new StatusSince();
    private final Resources resources;

    @Activate
    public HeapCheck(@Reference Resources resources) {
        this.resources = resources;
    }

    @Override
    public String subject() {
        return "heap";
    }

    @Override
    public HealthReport check() {
        return report(resources.heap());
    }

    HealthReport report(Resources.Heap heap) {
        long percent = heap == null ? 0 : heap.live() * 100 / heap.max();
        if (percent < WARN_PERCENT) {
            return since.ok();
        }
        return since.report(percent < CRITICAL_PERCENT ? Status.WARN : Status.CRITICAL,
            "the last full collection left " + heap.live() / MIB + " MiB, and the heap has room for " + heap.max() / MIB
                + " MiB of objects that live long",
            "Give the gateway a larger heap, or run fewer bundles and devices on it.");
    }
}
