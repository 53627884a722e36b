// SPDX-License-Identifier: Apache-2.0
package edge.runtime.health;

import edge.api.gateway.ClockConfidence;
import edge.api.gateway.GatewayClock;
import edge.api.gateway.Moment;
import edge.api.health.HealthCheck;
import edge.api.health.HealthReport;
import edge.api.health.HealthReport.Status;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Can the times in the data be believed? */
@Component
public final class ClockCheck implements HealthCheck {
    private final StatusSince since = new StatusSince();
    private final GatewayClock clock;

    @Activate
    public ClockCheck(@Reference GatewayClock clock) {
        this.clock = clock;
    }

    @Override
    public String subject() {
        return "clock";
    }

    @Override
    public HealthReport check() {
        Moment now = clock.now();
        if (now.confidence() == ClockConfidence.UNSET) {
            return since.report(Status.WARN, "the clock has not been set: it says " + now.wall(),
                "Let the gateway reach a time server, or set the clock by hand; records are corrected then.");
        }
        return since.ok();
    }
}
