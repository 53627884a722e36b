// SPDX-License-Identifier: Apache-2.0
package edge.journal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** What waits for the writer. Bounded by count and bytes over all that is not done yet, also with the writer. */
final class AppendQueue {

    enum Answer {
        TAKEN, FULL, CLOSED
    }

    private final int maxRecords;
    private final long maxBytes;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition something = lock.newCondition();
    // All below is guarded by the lock.
    private List<Append> waiting = new ArrayList<>();
    private int records;
    private long bytes;
    private boolean idle;
    private boolean woken;
    private boolean closed;

    AppendQueue(int maxRecords, long maxBytes) {
        this.maxRecords = maxRecords;
        this.maxBytes = maxBytes;
    }

    Answer offer(Append append) {
        lock.lock();
        try {
            if (closed) {
                return Answer.CLOSED;
            }
            // Entries are few, and must not be kept out by what they account for.
            if (!append.isEntry() && (records >= maxRecords || bytes + append.weight > maxBytes && records > 0)) {
                return Answer.FULL;
            }
            records++;
            bytes += append.weight;
            waiting.add(append);
            if (idle) {
                idle = false;
                something.signal();
            }
            return Answer.TAKEN;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for appends, a wake-up, or the time to pass.
     *
     * @param empty an empty list that the queue may keep
     * @return all that waits; maybe nothing
     */
    List<Append> take(List<Append> empty, long nanos) {
        lock.lock();
        try {
            long left = nanos;
            while (waiting.isEmpty() && !woken && !closed && left > 0) {
                idle = true;
                try {
                    left = something.awaitNanos(left);
                } catch (InterruptedException e) {
                    // Nobody may stop the writer but close(); a continuation that set the flag meant another thread.
                    left = Math.min(left, TimeUnit.MILLISECONDS.toNanos(1));
                }
            }
            idle = false;
            woken = false;
            List<Append> taken = waiting;
            waiting = empty;
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** Counts an append that the writer itself makes. */
    void occupy(Append append) {
        lock.lock();
        try {
            records++;
            bytes += append.weight;
        } finally {
            lock.unlock();
        }
    }

    /** Appends are done: their room is free. */
    void release(int doneRecords, long doneBytes) {
        lock.lock();
        try {
            records -= doneRecords;
            bytes -= doneBytes;
        } finally {
            lock.unlock();
        }
    }

    /** Makes {@link #take} return. */
    void wake() {
        lock.lock();
        try {
            woken = true;
            something.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Nothing is taken any more; what waits is still to be done. */
    void close() {
        lock.lock();
        try {
            closed = true;
            something.signal();
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }
}
