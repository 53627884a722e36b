// SPDX-License-Identifier: Apache-2.0
package edge.runtime.deploy;

import edge.api.access.Caller;
import edge.api.deploy.DeploymentReport;
import edge.api.deploy.DeploymentReport.Outcome;
import edge.api.health.Events;
import edge.api.health.HealthReport;
import edge.runtime.base.DataDirectory;
import edge.runtime.generation.Attempt;
import edge.runtime.generation.BundleSet;
import edge.runtime.generation.GenerationStore.Recovered;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.osgi.framework.Bundle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What happens once, when the gateway starts: what was put right is told, the bundles are started, a trial is judged. */
final class Start {
    private static final Logger LOG = LoggerFactory.getLogger(Start.class);
    private static final Duration CONFIGURATIONS = Duration.ofSeconds(10);

    private final Workshop shop;
    private final ImageBundles image;
    private final Events events;

    Start(Workshop shop, ImageBundles image, Events events) {
        this.shop = shop;
        this.image = image;
        this.events = events;
    }

    void run() {
        long start = System.nanoTime();
        if (shop.supervision().isRestartAfterFailure()) {
            events.add(HealthReport.Status.WARN, "gateway",
                "The gateway was started again: " + shop.supervision().lastEnd() + ".");
        }
        shop.generations().recovered().forEach(one -> shop.tell().accept(report(one)));
        try {
            Optional<Attempt> trial = shop.generations().trial();
            BundleSet desired = trial.map(Attempt::wanted).orElse(shop.generations().current().bundles());
            Boot boot = new Boot(shop.generations(), image, shop.control(), shop.failures());
            Map<String, Bundle> installed = boot.install(desired);
            shop.configurations().settle(CONFIGURATIONS);
            boot.start(installed, desired);
            LOG.info("{} bundles were installed and started in {} ms, {} of them could not", installed.size(),
                (System.nanoTime() - start) / 1_000_000, shop.failures().size());
            shop.failures().forEach((name, why) -> events.add(HealthReport.Status.WARN, "bundle " + name, why));
            desired.deployed().keySet().stream().map(installed::get).filter(Objects::nonNull).forEach(this::tellOfNewer);
            if (trial.isPresent()) {
                judge(trial.get());
            } else {
                shop.adoptQuietly();
            }
        } catch (RuntimeException e) {
            LOG.error("Starting the bundles of this gateway failed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** After an upgrade of the product: what was deployed stays in force. */
    private void tellOfNewer(Bundle deployed) {
        image.newerThan(deployed).ifPresent(newer -> {
            String text = "The deployed " + deployed.getVersion() + " is in force, although the product has the newer " + newer
                + ": uninstall it, and the product's takes its place.";
            LOG.warn("{}: {}", deployed.getSymbolicName(), text);
            events.add(HealthReport.Status.WARN, "bundle " + deployed.getSymbolicName(), text);
        });
    }

    private static DeploymentReport report(Recovered one) {
        return new DeploymentReport(one.id().isEmpty() ? UUID.randomUUID().toString() : one.id(), one.origin().time(),
            one.origin().caller(), one.origin().why(), one.what(), one.kept() ? Outcome.DONE : Outcome.ROLLED_BACK, one.why(),
            List.of(), 0, Duration.ZERO);
    }

    /** The gateway was restarted for a deployment: it is kept if all that it wants runs, for the time of a probation. */
    private void judge(Attempt trial) throws InterruptedException {
        String why = "";
        long end = System.nanoTime() + Math.max(shop.settings().probation().toNanos(), 1);
        do {
            Thread.sleep(100);
            for (BundleSet.Deployed bundle : trial.wanted().deployed().values()) {
                Bundle now = shop.control().find(bundle.symbolicName());
                boolean runs = now != null && (BundleControl.isFragment(now) || now.getState() == Bundle.ACTIVE
                    || now.getState() == Bundle.STARTING || trial.wanted().isStopped(bundle.symbolicName()));
                if (!runs) {
                    why = shop.failures().getOrDefault(bundle.symbolicName(), bundle.symbolicName() + " does not run.");
                } else if (now.getState() == Bundle.ACTIVE) {
                    why = shop.components().of(now).stream().filter(state -> !state.failure().isEmpty()).findFirst()
                        .map(state -> "Its component " + state.name() + " failed: " + state.failure()).orElse(why);
                }
            }
        } while (why.isEmpty() && System.nanoTime() - end < 0);
        conclude(trial, why);
    }

    private void conclude(Attempt trial, String why) {
        try {
            if (why.isEmpty()) {
                shop.generations().commit(trial);
            } else {
                shop.configurations().write(Transaction.texts(trial, shop, false), Caller.system("deployer"));
                shop.generations().abandon();
                shop.restartLater("a deployment did not work after the restart: " + trial.origin().summary());
            }
            shop.tell().accept(new DeploymentReport(trial.id(), trial.origin().time(), trial.origin().caller(), trial.origin().why(),
                trial.origin().summary(), why.isEmpty() ? Outcome.DONE : Outcome.ROLLED_BACK, why,
                List.of("The gateway was restarted for it."), why.isEmpty() ? trial.generation() : 0,
                Duration.between(trial.origin().time(), Instant.now())));
        } catch (IOException e) {
            LOG.error("The deployment '{}' cannot be concluded: {}", trial.origin().summary(), DataDirectory.reason(e));
        }
    }
}
