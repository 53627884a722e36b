// SPDX-License-Identifier: Apache-2.0
package edge.runtime.scan;

import edge.api.health.HealthReport;
import edge.api.health.HealthReport.Status;
import edge.runtime.health.StatusSince;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** How well the scan engine does, the worst first. */
final class ScanHealth {
    private static final int NAMED = 3;

    private final StatusSince since = new StatusSince();
    private final Publisher publisher;
    private final DriverFaults faults;

    ScanHealth(Publisher publisher, DriverFaults faults) {
        this.publisher = publisher;
        this.faults = faults;
    }

    /** @param refused why devices were not taken */
    HealthReport report(List<String> refused) {
        String refusal = publisher.refusal();
        if (refusal != null) {
            return since.report(Status.CRITICAL, publisher.refused() + " messages with readings were not stored; the newest: "
                + refusal, "Look at the journal: is its disk full or failing?");
        }
        if (!publisher.hasBus() && publisher.unheard() > 0) {
            return since.report(Status.WARN, "there is no message bus: readings are shown, but " + publisher.unheard()
                + " messages were neither published nor stored", "Start the bundle of the broker.");
        }
        if (!refused.isEmpty()) {
            return since.report(Status.WARN, some(refused), "Correct the configuration of the devices named.");
        }
        Map<String, String> broken = faults.open();
        if (!broken.isEmpty()) {
            List<String> texts = broken.entrySet().stream()
                .map(fault -> "device " + fault.getKey() + ": " + fault.getValue()).toList();
            return since.report(Status.WARN, some(texts), "Update or replace the drivers named.");
        }
        if (faults.isDiscarding()) {
            return since.report(Status.WARN, "a driver reports faster than the gateway can take it: " + faults.discarded()
                + " batches were discarded", "Set a debounce time or a scan period for its tags.");
        }
        return since.ok();
    }

    private static String some(List<String> texts) {
        String named = texts.stream().limit(NAMED).collect(Collectors.joining("; "));
        return texts.size() > NAMED ? named + "; and " + (texts.size() - NAMED) + " more" : named;
    }
}
