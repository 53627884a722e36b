// SPDX-License-Identifier: Apache-2.0
package edge.runtime.deploy;

import edge.runtime.base.Slack;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import org.osgi.framework.Bundle;
import org.osgi.framework.wiring.BundleWiring;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that the classes of a bundle that was replaced go with it. What is still there after a few collections is
 * reported with what holds it. Works on a thread of its own, after the deployment.
 *
 * <p>A collection stops every thread, for a few hundred milliseconds on a small box: so one is only asked for at a moment at
 * which it costs no device a scan. Where there is none, because devices are read faster than that, the collections are waited
 * for that come by themselves.
 */
final class LeakGuard implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LeakGuard.class);
    private static final Duration FIRST_LOOK = Duration.ofSeconds(1);
    private static final Duration NEXT_LOOK = Duration.ofSeconds(3);
    private static final Duration LOOK_FOR_A_MOMENT_AGAIN = Duration.ofSeconds(10);
    /** Classes that so many collections have left over, and that are so old, are a leak. */
    private static final int COLLECTIONS = 2;
    private static final Duration GRACE = Duration.ofSeconds(4);
    /** How long a moment is waited for at which a collection costs no scan. */
    private static final Duration FOR_A_MOMENT = Duration.ofSeconds(2);
    private static final Duration BETWEEN_MOMENTS = Duration.ofMillis(2);
    private static final Duration FIRST_GUESS = Duration.ofMillis(150);
    private static final long CLOSE_SECONDS = 2;

    private final BiConsumer<String, String> tell;
    private final Slack scans;
    private final ScheduledThreadPoolExecutor executor;
    private final List<Old> watched = new ArrayList<>(); // on the executor's thread, as what follows
    private ScheduledFuture<?> next;
    /** How long a collection is expected to take: as long as the last one, which is forgotten slowly, but no less than any. */
    private Duration pause = FIRST_GUESS;
    private Duration least = FIRST_GUESS;

    /**
     * Classes that should go.
     *
     * @param deployment whose report gets the finding
     * @param name symbolic name and version
     * @param collections how many there had been when they were replaced
     */
    private record Old(String deployment, String name, WeakReference<ClassLoader> classes, long since, long collections) {
        Duration age() {
            return Duration.ofNanos(System.nanoTime() - since);
        }
    }

    /** The class loaders of bundles before they are replaced. Held weakly: holding them would be the leak. */
    record Candidate(String name, WeakReference<ClassLoader> classes) {
    }

    /** @param tell gets a deployment's id and a sentence */
    LeakGuard(BiConsumer<String, String> tell, Slack scans) {
        this.tell = tell;
        this.scans = scans;
        this.executor = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(work, "edge-deploy-leaks");
            thread.setDaemon(true);
            thread.setPriority(Thread.MIN_PRIORITY);
            return thread;
        });
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        executor.setRemoveOnCancelPolicy(true);
    }

    static List<Candidate> candidates(Iterable<Bundle> bundles) {
        List<Candidate> candidates = new ArrayList<>();
        for (Bundle bundle : bundles) {
            BundleWiring wiring = bundle.adapt(BundleWiring.class);
            ClassLoader classes = wiring == null ? null : wiring.getClassLoader();
            if (classes != null) {
                candidates.add(new Candidate(bundle.getSymbolicName() + " " + bundle.getVersion(), new WeakReference<>(classes)));
            }
        }
        return candidates;
    }

    void watch(String deployment, List<Candidate> candidates) {
        long now = System.nanoTime();
        long collections = collections();
        try {
            executor.execute(() -> {
                candidates.forEach(one -> watched.add(new Old(deployment, one.name(), one.classes(), now, collections)));
                lookIn(FIRST_LOOK);
            });
        } catch (RejectedExecutionException e) {
            LOG.trace("The gateway stops: nobody looks any more", e);
        }
    }

    private void lookIn(Duration wait) {
        if (next == null || next.isDone() || next.getDelay(TimeUnit.NANOSECONDS) > wait.toNanos()) {
            if (next != null) {
                next.cancel(false);
            }
            next = executor.schedule(this::look, wait.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void look() {
        next = null;
        forgetWhatIsGone();
        if (watched.isEmpty()) {
            return;
        }
        boolean collected = collectWithoutHarm();
        forgetWhatIsGone();
        long collections = collections();
        watched.removeIf(old -> collections - old.collections() >= COLLECTIONS && old.age().compareTo(GRACE) > 0 && isTold(old));
        if (!watched.isEmpty()) {
            lookIn(collected ? NEXT_LOOK : LOOK_FOR_A_MOMENT_AGAIN);
        }
    }

    private void forgetWhatIsGone() {
        watched.removeIf(old -> {
            boolean gone = old.classes().refersTo(null);
            if (gone) {
                LOG.info("The old classes of {} are gone {} ms after they were replaced", old.name(), old.age().toMillis());
            }
            return gone;
        });
    }

    private boolean isTold(Old old) {
        ClassLoader held = old.classes().get();
        if (held != null) {
            tell.accept(old.deployment(), "The classes of " + old.name() + " stay in memory until the gateway is"
                + " restarted: " + Holders.of(held) + ".");
        }
        return held != null;
    }

    /** Asks for a collection at a moment at which it costs no scan, if one comes soon. */
    private boolean collectWithoutHarm() {
        long giveUp = System.nanoTime() + FOR_A_MOMENT.toNanos();
        while (scans.slack().compareTo(pause) < 0) {
            if (System.nanoTime() - giveUp > 0 || executor.isShutdown()) {
                Duration shorter = pause.multipliedBy(9).dividedBy(10);
                pause = shorter.compareTo(least) > 0 ? shorter : least;
                return false;
            }
            LockSupport.parkNanos(BETWEEN_MOMENTS.toNanos());
        }
        long start = System.nanoTime();
        System.gc();
        pause = Duration.ofNanos(System.nanoTime() - start);
        least = least.equals(FIRST_GUESS) || pause.compareTo(least) < 0 ? pause : least;
        return true;
    }

    /** Collections of the whole heap, which alone take classes away: by the last of the JVM's collectors. */
    private static long collections() {
        List<GarbageCollectorMXBean> collectors = ManagementFactory.getGarbageCollectorMXBeans();
        return collectors.get(collectors.size() - 1).getCollectionCount();
    }

    @Override
    public void close() {
        executor.shutdownNow();
        try {
            executor.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
