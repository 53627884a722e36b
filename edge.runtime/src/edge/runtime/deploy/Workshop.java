// SPDX-License-Identifier: Apache-2.0
package edge.runtime.deploy;

import edge.api.deploy.DeploymentReport;
import edge.api.deploy.DeploymentReport.Outcome;
import edge.api.device.TagTable;
import edge.api.health.LogBook;
import edge.api.uplink.UplinkStatus;
import edge.api.uplink.Uplinks;
import edge.runtime.base.DataDirectory;
import edge.runtime.desired.DesiredState;
import edge.runtime.generation.GenerationStore;
import edge.runtime.generation.Kept;
import edge.runtime.supervise.Supervision;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.osgi.framework.Bundle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What every deployment works with.
 *
 * @param uplinks those of the cloud connector; null while there is none
 * @param failures why bundles do not run, by symbolic name
 * @param tell takes what is to be in the history
 */
record Workshop(BundleControl control, Components components, DesiredState configurations, GenerationStore generations,
                Drafter drafter, Planner planner, TagTable devices, LogBook log, Supplier<Uplinks> uplinks, LeakGuard leaks,
                Supervision supervision, Supplier<Settings.Values> current, JarCheck.Limits limits,
                Map<String, String> failures, Consumer<DeploymentReport> tell) {
    private static final Logger LOG = LoggerFactory.getLogger(Workshop.class);
    /** Long enough for the report to be written and to reach whoever asked. */
    private static final Duration BEFORE_RESTART = Duration.ofMillis(500);

    Workshop {
        failures = failures instanceof ConcurrentHashMap ? failures : new ConcurrentHashMap<>(failures);
    }

    Settings.Values settings() {
        return current.get();
    }

    /** Names of the uplinks whose target answers. */
    List<String> connectedUplinks() {
        Uplinks all = uplinks.get();
        return all == null ? List.of() : all.list().stream().filter(one -> one.phase() == UplinkStatus.Phase.CONNECTED)
            .map(UplinkStatus::name).toList();
    }

    Collection<Bundle> present(Collection<String> names) {
        Collection<Bundle> present = new ArrayList<>();
        for (String name : names) {
            Bundle bundle = control.find(name);
            if (bundle != null) {
                present.add(bundle);
            }
        }
        return present;
    }

    /** Takes in what was changed in {@code etc} without a deployment, and tells of it as if it had been one. */
    void adopt() throws IOException {
        long begun = System.nanoTime();
        generations.adopt("etc folder").filter(made -> !made.origin().summary().equals(Kept.FIRST)).ifPresent(made ->
            tell.accept(new DeploymentReport(UUID.randomUUID().toString(), made.origin().time(), made.origin().caller(), "",
                made.origin().summary(), Outcome.DONE, "", List.of("It was put in force at once, without a probation."),
                made.number(), Duration.ofNanos(System.nanoTime() - begun))));
    }

    void adoptQuietly() {
        try {
            adopt();
        } catch (IOException e) {
            LOG.warn("The configurations as they are cannot be kept as a generation: {}", DataDirectory.reason(e));
        }
    }

    void restartLater(String why) {
        CompletableFuture.delayedExecutor(BEFORE_RESTART.toMillis(), TimeUnit.MILLISECONDS)
            .execute(() -> supervision.restart(why));
    }
}
