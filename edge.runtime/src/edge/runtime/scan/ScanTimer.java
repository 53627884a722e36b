// SPDX-License-Identifier: Apache-2.0
package edge.runtime.scan;

import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that starts scans, {@code edge-scan}, and what keeps one driver from taking it away from all others:
 * {@code edge-scan-watch} puts a new one in its place when a driver does not return from a call, and the threads
 * {@code edge-scan-aside-N} call those drivers that are known to block.
 */
@Component(service = ScanTimer.class)
public final class ScanTimer {
    static final int MAX_ASIDE = 16;

    private static final Logger LOG = LoggerFactory.getLogger(ScanTimer.class);
    private static final long STUCK_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long STOP_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Schedule schedule = new Schedule(System::nanoTime);
    private final ThreadPoolExecutor aside = newAside();
    private final Thread watch = new Thread(this::watch, "edge-scan-watch");
    private volatile Worker worker = new Worker();
    private volatile boolean closed;

    @Activate
    public ScanTimer() {
        schedule.onEarlierJob(() -> LockSupport.unpark(worker));
        worker.start();
        watch.setDaemon(true);
        watch.start();
    }

    @Deactivate
    void close() {
        closed = true;
        long deadline = System.nanoTime() + STOP_WITHIN_NANOS;
        aside.shutdownNow();
        LockSupport.unpark(worker);
        LockSupport.unpark(watch);
        try {
            join(watch, deadline);
            join(worker, deadline);
            aside.awaitTermination(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (worker.isAlive() || !aside.isTerminated()) {
            LOG.warn("A driver does not return from a call: a thread named edge-scan... is left behind");
        }
    }

    Schedule schedule() {
        return schedule;
    }

    /** Runs a call of a driver that blocks. Refuses it if {@link #MAX_ASIDE} are under way. */
    Executor aside() {
        return aside;
    }

    private static ThreadPoolExecutor newAside() {
        AtomicInteger number = new AtomicInteger();
        return new ThreadPoolExecutor(0, MAX_ASIDE, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), job -> {
            Thread thread = new Thread(job, "edge-scan-aside-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    private static void join(Thread thread, long deadline) throws InterruptedException {
        thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
    }

    private void watch() {
        while (!closed) {
            LockSupport.parkNanos(this, STUCK_NANOS / 2);
            Worker now = worker;
            if (!closed && now.isStuck(System.nanoTime())) {
                now.setName("edge-scan-stuck");
                LOG.warn("A driver does not return from a call; the scan timer goes on without the thread that is stuck in {}",
                    where(now));
                worker = new Worker();
                worker.start();
            }
        }
    }

    // The innermost frame that is not the JDK's: it names the driver.
    private static String where(Thread thread) {
        for (StackTraceElement frame : thread.getStackTrace()) {
            if (!frame.getClassName().startsWith("java.") && !frame.getClassName().startsWith("jdk.")
                && !frame.getClassName().startsWith("sun.")) {
                return frame.toString();
            }
        }
        return "an unknown place";
    }

    private final class Worker extends Thread {
        private volatile long began;
        private volatile boolean busy;

        private Worker() {
            super("edge-scan");
            setDaemon(true);
        }

        private boolean isStuck(long now) {
            return busy && now - began > STUCK_NANOS;
        }

        @Override
        public void run() {
            while (!closed && worker == this) {
                began = System.nanoTime();
                busy = true;
                long wait = schedule.runNext();
                busy = false;
                if (wait > 0 && !closed && worker == this) {
                    LockSupport.parkNanos(ScanTimer.this, wait);
                }
            }
        }
    }
}
