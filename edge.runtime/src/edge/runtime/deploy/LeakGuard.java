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
    /** How long after a swap it is looked; afterwards again and again after the last of them. */
    private static final List<Duration> LOOKS = List.of(Duration.ofSeconds(1), Duration.ofSeconds(3), Duration.ofSeconds(7),
        Duration.ofSeconds(30));
    /** Classes that so many collections have left over are a leak. */
    private static final int COLLECTIONS = 2;
    /** How long a moment is waited for at which a collection costs no scan. */
    private static final Duration FOR_A_MOMENT = Duration.ofSeconds(2);
    private static final Duration BETWEEN_MOMENTS = Duration.ofMillis(2);
    private static final Duration FIRST_GUESS = Duration.ofMillis(150);
    private static final long CLOSE_SECONDS = 2;

    private final BiConsumer<String, String> tell;
    private final Slack slack;
    private final ScheduledThreadPoolExecutor executor;
    /** How long the last collection took. */
    private Duration pause = FIRST_GUESS; // on the executor's thread

    /**
     * Classes that should go.
     *
     * @param deployment whose report gets the finding
     * @param name symbolic name and version
     * @param collections how many there had been when they were replaced
     */
    private record Old(String deployment, String name, WeakReference<ClassLoader> classes, long since, long collections) {
    }

    /** The class loaders of bundles before they are replaced. Held weakly: holding them would be the leak. */
    record Candidate(String name, WeakReference<ClassLoader> classes) {
    }

    /** @param tell gets a deployment's id and a sentence */
    LeakGuard(BiConsumer<String, String> tell, Slack slack) {
        this.tell = tell;
        this.slack = slack;
        this.executor = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(work, "edge-deploy-leaks");
            thread.setDaemon(true);
            thread.setPriority(Thread.MIN_PRIORITY);
            return thread;
        });
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
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
        candidates.forEach(one -> lookLater(new Old(deployment, one.name(), one.classes(), now, collections), 0));
    }

    private void lookLater(Old old, int look) {
        Duration wait = look < LOOKS.size() ? LOOKS.get(look).minusNanos(System.nanoTime() - old.since())
            : LOOKS.get(LOOKS.size() - 1);
        try {
            executor.schedule(() -> look(old, look), wait.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOG.trace("The gateway stops: nobody looks any more", e);
        }
    }

    private void look(Old old, int look) {
        if (!old.classes().refersTo(null) && !collectWithoutHarm() && look >= LOOKS.size()) {
            LOG.debug("In {} s there was no moment of {} ms without a scan", FOR_A_MOMENT.toSeconds(), pause.toMillis());
            pause = pause.multipliedBy(3).dividedBy(4); // the last one may have been slow by chance
        }
        ClassLoader held = old.classes().get();
        if (held == null) {
            LOG.info("The old classes of {} are gone {} ms after they were replaced", old.name(),
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - old.since()));
        } else if (collections() - old.collections() >= COLLECTIONS) {
            tell.accept(old.deployment(), "The classes of " + old.name() + " stay in memory until the gateway is"
                + " restarted: " + Holders.of(held) + ".");
        } else {
            lookLater(old, look + 1);
        }
    }

    /** Asks for a collection at a moment at which it costs no scan, if one comes soon. */
    private boolean collectWithoutHarm() {
        long giveUp = System.nanoTime() + FOR_A_MOMENT.toNanos();
        while (slack.now().compareTo(pause) < 0) {
            if (System.nanoTime() - giveUp > 0 || executor.isShutdown()) {
                return false;
            }
            LockSupport.parkNanos(BETWEEN_MOMENTS.toNanos());
        }
        long start = System.nanoTime();
        System.gc();
        pause = Duration.ofNanos(System.nanoTime() - start);
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
