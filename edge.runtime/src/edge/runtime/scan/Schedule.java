// SPDX-License-Identifier: Apache-2.0
package edge.runtime.scan;

import java.util.PriorityQueue;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is to be done when, on a monotonic clock in nanoseconds. Adding and cancelling is safe on every thread; jobs are run
 * by whoever calls {@link #runNext}, never under the lock.
 *
 * <p>A periodic job is due at multiples of its period from its first time, however late it was run: it does not drift. Times
 * that passed without a run are skipped and counted, never made up for.
 */
final class Schedule {
    /** {@link #runNext} returns it when nothing waits. */
    static final long NOTHING = Long.MAX_VALUE;

    private static final Logger LOG = LoggerFactory.getLogger(Schedule.class);

    /** Something to do. */
    @FunctionalInterface
    interface Job {
        /**
         * @param now the time
         * @param missed how many times of a periodic job have passed without a run since the last one
         */
        void run(long now, long missed);
    }

    /** A job that waits. */
    static final class Entry {
        private final Job job;
        private final long period;
        private final long order;
        private long due;

        private Entry(Job job, long due, long period, long order) {
            this.job = job;
            this.due = due;
            this.period = period;
            this.order = order;
        }
    }

    private final LongSupplier nanoTime;
    private final PriorityQueue<Entry> queue = new PriorityQueue<>(Schedule::earlier); // guarded by this
    private long added; // guarded by this
    private volatile Runnable wakeUp = () -> { };

    Schedule(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    long now() {
        return nanoTime.getAsLong();
    }

    /** Called whenever a job has been added that is due before all others. */
    void onEarlierJob(Runnable action) {
        wakeUp = action;
    }

    /** Runs the job once. */
    Entry at(long due, Job job) {
        return add(job, due, 0);
    }

    /** Runs the job again and again. */
    Entry every(long firstDue, long period, Job job) {
        if (period <= 0) {
            throw new IllegalArgumentException("period must be positive, not " + period);
        }
        return add(job, firstDue, period);
    }

    /** The job is not started any more; a run that is under way goes on. Cancelling twice does no harm. */
    synchronized void cancel(Entry entry) {
        queue.remove(entry);
    }

    /** When a job that waits is due. */
    synchronized long due(Entry entry) {
        return entry.due;
    }

    /**
     * Runs the next job if it is due.
     *
     * @return 0 if one was run; else nanoseconds until the next is due, {@link #NOTHING} if none waits
     */
    long runNext() {
        Entry entry;
        long now = nanoTime.getAsLong();
        long missed = 0;
        synchronized (this) {
            entry = queue.peek();
            if (entry == null) {
                return NOTHING;
            }
            if (entry.due - now > 0) {
                return entry.due - now;
            }
            queue.poll();
            if (entry.period > 0) {
                missed = (now - entry.due) / entry.period;
                entry.due += (missed + 1) * entry.period;
                queue.add(entry);
            }
        }
        run(entry, now, missed);
        return 0;
    }

    private static void run(Entry entry, long now, long missed) {
        try {
            entry.job.run(now, missed);
        } catch (RuntimeException | Error e) {
            LOG.error("A job of the scan timer failed; this is a defect of the runtime, please report it", e);
        }
    }

    private Entry add(Job job, long due, long period) {
        Entry entry;
        boolean first;
        synchronized (this) {
            entry = new Entry(job, due, period, added++);
            queue.add(entry);
            first = queue.peek() == entry;
        }
        if (first) {
            wakeUp.run();
        }
        return entry;
    }

    private static int earlier(Entry a, Entry b) {
        long difference = a.due - b.due;
        return difference != 0 ? Long.signum(difference) : Long.compare(a.order, b.order);
    }
}
