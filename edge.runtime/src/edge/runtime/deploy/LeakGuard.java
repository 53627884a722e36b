// SPDX-License-Identifier: Apache-2.0
package edge.runtime.deploy;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.osgi.framework.Bundle;
import org.osgi.framework.wiring.BundleWiring;

/**
 * Sees to it that the classes of a bundle that was replaced go with it. What is still there after a few collections is
 * reported with what holds it. Works on a thread of its own, after the deployment.
 */
final class LeakGuard implements AutoCloseable {
    private static final int COLLECTIONS = 3;
    private static final long[] WAIT_MILLIS = {1_000, 2_000, 4_000};
    private static final long CLOSE_SECONDS = 2;

    private final BiConsumer<String, String> tell;
    private final List<Old> watched = new ArrayList<>(); // on the executor's thread
    private final ScheduledThreadPoolExecutor executor;

    /**
     * Classes that should go.
     *
     * @param deployment whose report gets the finding
     * @param name symbolic name and version
     */
    private record Old(String deployment, String name, WeakReference<ClassLoader> classes, int[] looks) {
    }

    /** The class loaders of bundles before they are replaced. Held weakly: holding them would be the leak. */
    record Candidate(String name, WeakReference<ClassLoader> classes) {
    }

    /** @param tell gets a deployment's id and a sentence */
    LeakGuard(BiConsumer<String, String> tell) {
        this.tell = tell;
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
        if (!candidates.isEmpty() && !executor.isShutdown()) {
            executor.execute(() -> {
                candidates.forEach(one -> watched.add(new Old(deployment, one.name(), one.classes(), new int[1])));
                executor.schedule(this::look, WAIT_MILLIS[0], TimeUnit.MILLISECONDS);
            });
        }
    }

    private void look() {
        watched.removeIf(old -> old.classes().refersTo(null));
        if (watched.isEmpty()) {
            return;
        }
        System.gc();
        boolean again = false;
        for (Iterator<Old> all = watched.iterator(); all.hasNext();) {
            Old old = all.next();
            if (old.classes().refersTo(null)) {
                all.remove();
            } else if (++old.looks()[0] >= COLLECTIONS) {
                all.remove();
                ClassLoader held = old.classes().get();
                if (held != null) {
                    tell.accept(old.deployment(), "The classes of " + old.name() + " stay in memory until the gateway is"
                        + " restarted: " + Holders.of(held) + ".");
                }
            } else {
                again = true;
            }
        }
        if (again) {
            executor.schedule(this::look, WAIT_MILLIS[Math.min(WAIT_MILLIS.length - 1, watched.get(0).looks()[0])],
                TimeUnit.MILLISECONDS);
        }
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
