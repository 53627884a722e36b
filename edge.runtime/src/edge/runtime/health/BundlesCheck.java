// SPDX-License-Identifier: Apache-2.0
package edge.runtime.health;

import edge.api.health.HealthCheck;
import edge.api.health.HealthReport;
import edge.api.health.HealthReport.Status;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.component.runtime.dto.UnsatisfiedReferenceDTO;

/**
 * Are all bundles that should run running, and all their components satisfied? What is on its way, as during an update, is
 * given {@link #PATIENCE_NANOS} before it counts.
 */
@Component
public final class BundlesCheck implements HealthCheck {
    static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final long LOOK_EVERY_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final int NAMED = 3;

    private final StatusSince since = new StatusSince();
    private final BundleContext context;
    private final ServiceComponentRuntime components;
    private final LongSupplier nanoTime;
    private final Map<String, Long> seenSince = new HashMap<>(); // guarded by this
    private HealthReport last; // guarded by this
    private long lookAgainAt; // guarded by this

    @Activate
    public BundlesCheck(BundleContext context, @Reference ServiceComponentRuntime components) {
        this(context, components, System::nanoTime);
    }

    BundlesCheck(BundleContext context, ServiceComponentRuntime components, LongSupplier nanoTime) {
        this.context = context;
        this.components = components;
        this.nanoTime = nanoTime;
    }

    @Override
    public String subject() {
        return "bundles";
    }

    @Override
    public synchronized HealthReport check() {
        long now = nanoTime.getAsLong();
        if (last == null || now - lookAgainAt >= 0) {
            last = look(now);
            lookAgainAt = now + LOOK_EVERY_NANOS;
        }
        return last;
    }

    private HealthReport look(long now) {
        List<String> failed = new ArrayList<>();
        List<String> waiting = new ArrayList<>();
        for (Bundle bundle : context.getBundles()) {
            lookAt(bundle, waiting);
        }
        for (ComponentDescriptionDTO component : components.getComponentDescriptionDTOs()) {
            for (ComponentConfigurationDTO configuration : components.getComponentConfigurationDTOs(component)) {
                lookAt(component, configuration, failed, waiting);
            }
        }
        seenSince.keySet().retainAll(waiting);
        waiting.forEach(text -> seenSince.putIfAbsent(text, now));
        List<String> stuck = waiting.stream().filter(text -> now - seenSince.get(text) >= PATIENCE_NANOS).toList();
        if (failed.isEmpty() && stuck.isEmpty()) {
            return since.ok();
        }
        List<String> all = Stream.concat(failed.stream(), stuck.stream()).toList();
        String text = all.stream().limit(NAMED).collect(Collectors.joining("; "))
            + (all.size() > NAMED ? "; and " + (all.size() - NAMED) + " more" : "");
        return since.report(Status.WARN, PlainText.oneLine(text, 1_000),
            "Look at the bundles named: install what is missing, correct their configuration or go back to the last version.");
    }

    private static void lookAt(Bundle bundle, List<String> waiting) {
        boolean isFragment = bundle.getHeaders("").get(Constants.FRAGMENT_HOST) != null;
        BundleStartLevel startLevel = bundle.adapt(BundleStartLevel.class);
        boolean shouldRun = !isFragment && startLevel != null && startLevel.isPersistentlyStarted();
        if (bundle.getState() == Bundle.INSTALLED) {
            waiting.add("bundle " + name(bundle) + " cannot be resolved: something that it imports or requires is missing");
        } else if (shouldRun && bundle.getState() == Bundle.RESOLVED) {
            waiting.add("bundle " + name(bundle) + " should run but is not started");
        }
    }

    private static void lookAt(ComponentDescriptionDTO component, ComponentConfigurationDTO configuration,
        List<String> failed, List<String> waiting) {
        String name = "component " + component.name + " of " + component.bundle.symbolicName;
        if (configuration.state == ComponentConfigurationDTO.FAILED_ACTIVATION) {
            String failure = configuration.failure == null ? "" : configuration.failure.lines().findFirst().orElse("");
            failed.add(name + " failed to start: " + failure);
        } else if (configuration.state == ComponentConfigurationDTO.UNSATISFIED_REFERENCE) {
            for (UnsatisfiedReferenceDTO reference : configuration.unsatisfiedReferences) {
                waiting.add(name + " waits for the service " + reference.name
                    + (reference.target == null ? "" : " " + reference.target));
            }
        }
    }

    private static String name(Bundle bundle) {
        return bundle.getSymbolicName() + " " + bundle.getVersion();
    }
}
