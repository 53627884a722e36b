// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio;

import edge.api.device.Quality;
import edge.api.device.Quality.Reason;
import edge.api.device.Reading;
import edge.api.device.Scan;
import edge.api.device.Tag;
import edge.api.value.Value;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread of a device. What was accepted runs, in order, also when it is closed meanwhile. */
public final class SerialExecutor {

    /** Why nothing is read or written any more. */
    public static final String SWITCHED_OFF = "the device is switched off or its driver is being replaced";

    private static final Logger LOG = LoggerFactory.getLogger(SerialExecutor.class);
    private static final long CLOSE_SECONDS = 3;

    private final String name;
    private final ScheduledThreadPoolExecutor executor;
    // guarded by this
    private boolean closed;

    public SerialExecutor(String name) {
        this.name = name;
        executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
        executor.setRemoveOnCancelPolicy(true);
    }

    /** Runs the task soon; false if the executor is closed and the task will never run. */
    public synchronized boolean run(Runnable task) {
        if (closed) {
            return false;
        }
        executor.execute(guarded(task));
        return true;
    }

    /**
     * A scan that reads on this thread. When the executor is closed its readings are BAD, paused.
     *
     * @param read gives one reading for each of the tags, in their order
     */
    public Scan scan(List<Tag> tags, Supplier<List<Reading>> read) {
        List<Tag> asked = List.copyOf(tags);
        return () -> {
            CompletableFuture<List<Reading>> result = new CompletableFuture<>();
            if (!run(() -> complete(result, read))) {
                Quality paused = Quality.bad(Reason.PAUSED, SWITCHED_OFF);
                Instant now = Instant.now();
                result.complete(asked.stream().map(tag -> new Reading(tag, Value.NONE, paused, now)).toList());
            }
            return result;
        };
    }

    private static void complete(CompletableFuture<List<Reading>> result, Supplier<List<Reading>> read) {
        try {
            result.complete(read.get());
        } catch (RuntimeException e) {
            // Whoever waits must not wait for ever.
            result.completeExceptionally(e);
            throw e;
        }
    }

    /** Runs the task once, later. Only from a task of this executor, which the closing task follows. */
    public ScheduledFuture<?> later(long millis, Runnable task) {
        return executor.schedule(guarded(task), millis, TimeUnit.MILLISECONDS);
    }

    /** Runs the task again and again. Only from a task of this executor. */
    public ScheduledFuture<?> every(long millis, Runnable task) {
        return executor.scheduleAtFixedRate(guarded(task), millis, millis, TimeUnit.MILLISECONDS);
    }

    /**
     * Accepts nothing more, runs what was accepted and then the last task, which must cancel what is planned for later.
     * Waits for it, but not for ever.
     */
    public void close(Runnable last) {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            executor.execute(guarded(() -> {
                try {
                    last.run();
                } finally {
                    executor.shutdown();
                }
            }));
        }
        try {
            if (!executor.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("{} does not end within {} s and is interrupted", name, CLOSE_SECONDS);
                executor.shutdownNow();
                executor.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            executor.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    private Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                LOG.error("{} goes on after a fault of its own", name, e);
            }
        };
    }
}
