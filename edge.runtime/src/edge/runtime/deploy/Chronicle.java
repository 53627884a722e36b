// SPDX-License-Identifier: Apache-2.0
package edge.runtime.deploy;

import edge.api.deploy.DeploymentReport;
import edge.api.deploy.DeploymentReport.Outcome;
import edge.api.health.Events;
import edge.api.health.HealthReport.Status;
import edge.json.JsonWriter;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells what became of deployments: in the history, as an event, in the log. Any thread. */
final class Chronicle {
    private static final Logger LOG = LoggerFactory.getLogger(Chronicle.class);
    private static final String SUBJECT = "deploy";

    private final History history;
    private final Events events;

    Chronicle(History history, Events events) {
        this.history = history;
        this.events = events;
    }

    void tell(DeploymentReport report) {
        history.add(report);
        if (report.outcome() == Outcome.DONE) {
            LOG.info("{}: done in {} ms", report.summary(), report.took().toMillis());
            events.add(Status.OK, SUBJECT, report.summary() + ": done.");
        } else {
            String outcome = JsonWriter.lower(report.outcome());
            LOG.error("{}: {}: {}", report.summary(), outcome, report.detail());
            events.add(report.outcome() == Outcome.FAILED ? Status.CRITICAL : Status.WARN, SUBJECT,
                report.summary() + ": " + outcome + ": " + report.detail());
        }
    }

    /** What was found after a deployment had ended. */
    void tell(String deployment, String finding) {
        LOG.warn("{}", finding);
        history.addFinding(deployment, finding);
        events.add(Status.WARN, SUBJECT, finding);
    }

    /** The newest first. */
    List<DeploymentReport> newest(int limit) {
        return history.newest(limit);
    }
}
