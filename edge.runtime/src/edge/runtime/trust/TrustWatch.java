// SPDX-License-Identifier: Apache-2.0
package edge.runtime.trust;

import edge.api.access.Caller;
import edge.api.deploy.Change;
import edge.api.deploy.Deployer;
import edge.api.deploy.DeploymentRequest;
import edge.api.health.Events;
import edge.api.health.HealthCheck;
import edge.api.health.HealthReport;
import edge.api.health.HealthReport.Status;
import edge.api.trust.TrustPolicy;
import edge.api.trust.Verdict;
import edge.api.trust.Verdict.Standing;
import edge.runtime.base.DataDirectory;
import edge.runtime.generation.BundleSet;
import edge.runtime.generation.GenerationStore;
import edge.runtime.health.StatusSince;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks again whether what was let in would still be let in: a key may be lost, a certificate may end. What would not is
 * reported; what is revoked is stopped, if that is the policy. A certificate that ends stops nothing.
 */
@Component(service = HealthCheck.class, immediate = true)
public final class TrustWatch implements HealthCheck {
    private static final Logger LOG = LoggerFactory.getLogger(TrustWatch.class);
    private static final Caller SELF = Caller.system("trust");
    private static final Duration LOOK = Duration.ofSeconds(30);
    /** Jars and the folder may be as they were, but time passes. */
    private static final long FRESH_NANOS = Duration.ofHours(1).toNanos();
    private static final long CLOSE_SECONDS = 3;

    private final Trust trust;
    private final GenerationStore generations;
    private final Deployer deployer;
    private final Events events;
    private final ScheduledThreadPoolExecutor executor;
    // of the executor's thread
    private final Map<String, Verdict> verdicts = new HashMap<>();
    private final Set<String> told = new HashSet<>();
    private final Set<String> stopped = new HashSet<>();
    private String state = "";
    private long verifiedAt;
    private final StatusSince since = new StatusSince();
    private volatile HealthReport health = since.ok();

    @Activate
    public TrustWatch(@Reference Trust trust, @Reference GenerationStore generations, @Reference Deployer deployer,
                      @Reference Events events) {
        this(trust, generations, deployer, events, LOOK);
    }

    TrustWatch(Trust trust, GenerationStore generations, Deployer deployer, Events events, Duration every) {
        this.trust = trust;
        this.generations = generations;
        this.deployer = deployer;
        this.events = events;
        this.executor = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(work, "edge-trust");
            thread.setDaemon(true);
            return thread;
        });
        executor.scheduleWithFixedDelay(this::look, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Deactivate
    public void close() {
        executor.shutdownNow();
        try {
            if (!executor.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("The look at the signatures has not ended after {} s", CLOSE_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whatever goes wrong with one look must not end the looking. */
    private void look() {
        try {
            judge(trust.policy() == TrustPolicy.OFF ? List.of() : findings());
        } catch (RuntimeException e) {
            LOG.error("Looking at the signatures of the deployed bundles failed; it goes on", e);
        }
    }

    private List<String> findings() {
        String now = trust.state();
        if (!now.equals(state) || System.nanoTime() - verifiedAt > FRESH_NANOS) {
            verdicts.clear();
            state = now;
            verifiedAt = System.nanoTime();
        }
        List<String> findings = new ArrayList<>();
        BundleSet set = generations.current().bundles();
        for (BundleSet.Deployed bundle : set.deployed().values()) {
            Verdict verdict = verdicts.computeIfAbsent(bundle.sha256(), this::verify);
            Optional<String> refusal = trust.refusal(verdict);
            boolean runs = !set.isStopped(bundle.symbolicName());
            if (refusal.isPresent() && runs) {
                findings.add(bundle.symbolicName() + " " + bundle.version() + " would not be let in any more: " + refusal.get());
            }
            if (verdict.standing() == Standing.REVOKED && runs && trust.stopsRevoked() && stopped.add(bundle.sha256())) {
                stop(bundle, verdict);
            }
        }
        findings.addAll(trust.problems());
        return findings;
    }

    private Verdict verify(String sha256) {
        try {
            return trust.verify(generations.jar(sha256));
        } catch (IOException e) {
            return Verdict.of(Standing.BROKEN, "Its jar cannot be read: " + DataDirectory.reason(e) + ".");
        }
    }

    /** Its end is as a deployment, so that it is in the history and outlives a restart. */
    private void stop(BundleSet.Deployed bundle, Verdict verdict) {
        deployer.apply(DeploymentRequest.of(verdict.sentence(), new Change.Stop(bundle.symbolicName()))
            .withProbation(Duration.ZERO), SELF);
    }

    private void judge(List<String> findings) {
        told.retainAll(findings);
        for (String finding : findings) {
            if (told.add(finding)) {
                LOG.warn("{}", finding);
                events.add(Status.WARN, "trust", finding);
            }
        }
        health = findings.isEmpty() ? since.ok() : since.report(Status.WARN, String.join(" ", findings),
            "Deploy a version that a trusted signer has signed, or put the folder trust right.");
    }

    @Override
    public String subject() {
        return "trust";
    }

    @Override
    public HealthReport check() {
        return health;
    }
}
