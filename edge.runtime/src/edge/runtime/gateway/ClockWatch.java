// SPDX-License-Identifier: Apache-2.0
package edge.runtime.gateway;

import edge.api.gateway.ClockConfidence;
import edge.api.gateway.ClockCorrection;
import edge.api.gateway.GatewayClock;
import edge.api.gateway.Moment;
import edge.api.health.Events;
import edge.api.health.HealthReport.Status;
import edge.api.journal.Journal;
import edge.runtime.base.DataDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the wall clock, once a second, and gives the journal a correction when it is set: for this run of the process and for
 * earlier ones since the kernel's start. What the journal does not take is given again. Thread {@code edge-clock}.
 */
@Component(immediate = true, service = ClockWatch.class)
public final class ClockWatch {
    private static final Logger LOG = LoggerFactory.getLogger(ClockWatch.class);
    private static final long LOOK_EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final Path UPTIME = Path.of("/proc/uptime");
    private static final Path KERNEL_BOOT = Path.of("/proc/sys/kernel/random/boot_id");
    private static final int LOOKS = 3;

    private final GatewayClock clock;
    private final Events events;
    private final Boot self;
    private final List<Boot> earlier;
    private final LongSupplier kernelNanos;
    private final ClockSteps steps;
    // What the journal has not taken yet, the newest of each boot: it covers what an older one covers. By the thread only.
    private final Map<UUID, ClockCorrection> waiting = new LinkedHashMap<>();
    private final Thread thread = new Thread(this::watch, "edge-clock");
    private volatile boolean closed;
    private boolean refused;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC,
        policyOption = ReferencePolicyOption.GREEDY)
    volatile Journal journal;

    @Activate
    public ClockWatch(BundleContext context, @Reference GatewayClock clock, @Reference Events events) {
        this(clock, events, Boot.ofThisProcess(), earlierRuns(DataDirectory.root(context)), ClockWatch::uptimeNanos);
        thread.setDaemon(true);
        thread.start();
    }

    /** @param kernelNanos time since the kernel's start, suspensions included */
    ClockWatch(GatewayClock clock, Events events, Boot self, List<Boot> earlier, LongSupplier kernelNanos) {
        this.clock = clock;
        this.events = events;
        this.self = self;
        this.earlier = earlier;
        this.kernelNanos = kernelNanos;
        Moment now = now();
        this.steps = new ClockSteps(now, suspended(now));
    }

    @Deactivate
    void close() {
        closed = true;
        LockSupport.unpark(thread);
        try {
            thread.join(TimeUnit.SECONDS.toMillis(2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void watch() {
        while (!closed) {
            LockSupport.parkNanos(this, LOOK_EVERY_NANOS);
            try {
                look();
            } catch (RuntimeException e) {
                LOG.error("Watching the clock failed; this is a defect of the runtime, please report it", e);
            }
        }
    }

    /** Looks once. */
    void look() {
        Moment now = now();
        steps.look(now, suspended(now)).ifPresent(this::tell);
        Journal target = journal;
        if (target != null && !waiting.isEmpty()) {
            List<ClockCorrection> all = List.copyOf(waiting.values());
            all.forEach(correction -> give(target, correction));
        }
    }

    private void tell(ClockSteps.Step step) {
        String how = "the clock was set " + (step.by().isNegative() ? "back" : "forward") + " by "
            + text(step.by().abs()) + "; it is " + (step.confidence() == ClockConfidence.SYNCHRONISED ? "synchronised"
            : "plausible, but nothing confirms it");
        LOG.info("{}; the times of earlier records are corrected", how);
        events.add(Status.OK, "clock", how + "; the times of earlier records are corrected");
        for (Boot boot : earlier) {
            waiting.put(boot.id(), new ClockCorrection(boot.id(), 0, Math.max(1, self.originNanos() - boot.originNanos()),
                step.origin().plusNanos(boot.originNanos() - self.originNanos()), step.confidence()));
        }
        waiting.put(self.id(),
            new ClockCorrection(self.id(), step.fromNanos(), step.untilNanos(), step.origin(), step.confidence()));
    }

    private void give(Journal target, ClockCorrection correction) {
        try {
            target.correct(correction).toCompletableFuture().get(5, TimeUnit.SECONDS);
            waiting.remove(correction.bootId(), correction);
            refused = false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) { // a journal that fails or is being replaced is asked again
            if (!refused) {
                refused = true;
                LOG.warn("The journal did not take a correction of the clock; it will be given again: {}", e.getMessage());
            }
        }
    }

    // A pause between reading the two clocks shows the wall clock too late: of several looks the earliest is right.
    private Moment now() {
        Moment best = clock.now();
        for (int i = 1; i < LOOKS; i++) {
            Moment next = clock.now();
            if (Duration.between(best.wall(), next.wall()).toNanos() < next.monotonicNanos() - best.monotonicNanos()) {
                best = next;
            }
        }
        return best;
    }

    private long suspended(Moment now) {
        return kernelNanos.getAsLong() - now.monotonicNanos();
    }

    private static String text(Duration duration) {
        return duration.toDays() >= 2 ? duration.toDays() + " days" : duration.toSeconds() >= 10 ? duration.toSeconds() + " s"
            : duration.toMillis() + " ms";
    }

    private static List<Boot> earlierRuns(Path data) {
        try {
            return new Runs(data.resolve("runs"), Files.readString(KERNEL_BOOT).strip(), Boot.ofThisProcess()).earlier();
        } catch (IOException e) {
            LOG.warn("Earlier runs are not known, and a correction of the clock will be for this one only: {}",
                DataDirectory.reason(e));
            return List.of();
        }
    }

    // To a hundredth of a second. Where it cannot be read, no suspension is ever seen.
    private static long uptimeNanos() {
        try {
            String text = Files.readString(UPTIME);
            return Math.round(Double.parseDouble(text.substring(0, text.indexOf(' '))) * 1e9);
        } catch (IOException | RuntimeException e) {
            return System.nanoTime();
        }
    }
}
