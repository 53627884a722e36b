// SPDX-License-Identifier: Apache-2.0
package edge.runtime.health;

import edge.api.health.GatewayHealth;
import edge.api.health.HealthCheck;
import edge.api.health.HealthReport;
import edge.api.health.HealthReport.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** Asks all health checks. One that fails is a warning of its own and keeps nobody from seeing the others. */
@Component(immediate = true)
public final class GatheredHealth implements GatewayHealth {
    private static final Instant NEVER = Instant.MAX;
    private static final Comparator<Part> WORST_FIRST =
        Comparator.<Part, Status>comparing(part -> part.report().status()).reversed().thenComparing(Part::subject);

    // Each check with the time since when it fails.
    private final Map<HealthCheck, Instant> checks = new ConcurrentHashMap<>();

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addCheck(HealthCheck check) {
        checks.put(check, NEVER);
    }

    void removeCheck(HealthCheck check) {
        checks.remove(check);
    }

    @Override
    public List<Part> parts() {
        List<Part> parts = new ArrayList<>(checks.size());
        for (HealthCheck check : checks.keySet()) {
            parts.add(ask(check));
        }
        parts.sort(WORST_FIRST);
        return List.copyOf(parts);
    }

    private Part ask(HealthCheck check) {
        String subject = check.getClass().getName();
        try {
            subject = PlainText.oneLine(check.subject(), 200);
            HealthReport report = check.check();
            if (report != null && report.status() != null && report.since() != null) {
                checks.computeIfPresent(check, (key, since) -> NEVER);
                return new Part(subject, report);
            }
            return new Part(subject, failed(check, "it gave no report"));
        } catch (RuntimeException | LinkageError e) {
            return new Part(subject, failed(check, e.toString()));
        }
    }

    private HealthReport failed(HealthCheck check, String why) {
        Instant now = Instant.now();
        Instant since = checks.computeIfPresent(check, (key, began) -> began.equals(NEVER) ? now : began);
        return new HealthReport(Status.WARN, since == null ? now : since, "its health check failed: " + why,
            "Restart the bundle; report it if it stays.");
    }
}
