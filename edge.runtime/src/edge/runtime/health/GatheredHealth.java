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
import java.util.function.Supplier;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** Asks all health checks. One that fails is a warning of its own and keeps nobody from seeing the others. */
@Component(immediate = true)
public final class GatheredHealth implements GatewayHealth {
    private static final Instant NEVER = Instant.MAX;
    // Of two troubles that weigh the same, the one that just began is what somebody looks for.
    private static final Comparator<Part> WORST_FIRST = Comparator.<Part, Status>comparing(part -> part.report().status())
        .thenComparing(part -> part.report().status() == Status.OK ? Instant.MIN : part.report().since())
        .reversed().thenComparing(Part::subject);

    private final BundleContext context;
    private final Map<Object, Source> sources = new ConcurrentHashMap<>();

    /** A check, fetched when it is first asked, and the time since when it fails. */
    private static final class Source {
        private final Supplier<HealthCheck> supplier;
        private HealthCheck check; // guarded by this
        private Instant failingSince = NEVER; // guarded by this

        Source(Supplier<HealthCheck> supplier) {
            this.supplier = supplier;
        }

        synchronized HealthCheck check() {
            if (check == null) {
                check = supplier.get();
            }
            return check;
        }

        synchronized Instant failing(boolean fails) {
            failingSince = !fails ? NEVER : failingSince.equals(NEVER) ? Instant.now() : failingSince;
            return failingSince;
        }
    }

    @Activate
    public GatheredHealth(BundleContext context) {
        this.context = context;
    }

    /**
     * Takes the reference and not yet the service: a part that is looked after may itself, by some way, look after the health
     * of the whole, and neither must wait for the other.
     */
    @Reference(service = HealthCheck.class, cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addCheck(ServiceReference<HealthCheck> reference) {
        add(reference, () -> context.getService(reference));
    }

    void removeCheck(ServiceReference<HealthCheck> reference) {
        remove(reference);
        context.ungetService(reference);
    }

    void add(Object key, Supplier<HealthCheck> check) {
        sources.put(key, new Source(check));
    }

    void remove(Object key) {
        sources.remove(key);
    }

    @Override
    public List<Part> parts() {
        List<Part> parts = new ArrayList<>(sources.size());
        for (Source source : sources.values()) {
            HealthCheck check = source.check();
            // None: its bundle is just going.
            if (check != null) {
                parts.add(ask(check, source));
            }
        }
        parts.sort(WORST_FIRST);
        return List.copyOf(parts);
    }

    private static Part ask(HealthCheck check, Source source) {
        String subject = check.getClass().getName();
        try {
            subject = PlainText.oneLine(check.subject(), 200);
            HealthReport report = check.check();
            if (report != null && report.status() != null && report.since() != null) {
                source.failing(false);
                return new Part(subject, report);
            }
            return new Part(subject, failed(source, "it gave no report"));
        } catch (RuntimeException | LinkageError e) {
            return new Part(subject, failed(source, e.toString()));
        }
    }

    private static HealthReport failed(Source source, String why) {
        return new HealthReport(Status.WARN, source.failing(true), "its health check failed: " + why,
            "Restart the bundle; report it if it stays.");
    }
}
