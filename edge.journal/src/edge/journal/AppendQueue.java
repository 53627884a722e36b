// SPDX-License-Identifier: Apache-2.0
package edge.journal;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
    private final long groupBytes;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition something = lock.newCondition();
    // All below is guarded by the lock.
    private List<Append> waiting = new ArrayList<>();
    /** What the writer works at. */
    private List<Append> taken = new ArrayList<>();
    private int records;
    private long bytes;
    private long waitingBytes;
    /** The writer sleeps until so many appends wait; 0 while it works. */
    private int wakeAt;
    private Instant overloadedSince;
    private boolean woken;
    private boolean closed;

    /** @param groupBytes when so many bytes wait, they are worth the writer's while */
    AppendQueue(int maxRecords, long maxBytes, long groupBytes) {
        this.maxRecords = maxRecords;
        this.maxBytes = maxBytes;
        this.groupBytes = groupBytes;
    }

    Answer offer(Append append) {
        lock.lock();
        try {
            if (closed) {
                return Answer.CLOSED;
            }
            // Entries are few, and must not be kept out by what they account for.
            if (!append.isEntry() && (records >= maxRecords || bytes + append.weight > maxBytes && records > 0)) {
                overloadedSince = overloadedSince == null ? Instant.now() : overloadedSince;
                return Answer.FULL;
            }
            records++;
            bytes += append.weight;
            waiting.add(append);
            waitingBytes += append.weight;
            if (wakeAt > 0 && isWorthWaking()) {
                wakeAt = 0;
                something.signal();
            }
            return Answer.TAKEN;
        } finally {
            lock.unlock();
        }
    }

    private boolean isWorthWaking() {
        return waiting.size() >= wakeAt || waitingBytes >= groupBytes;
    }

    /**
     * Waits for appends, a wake-up, or the time to pass.
     *
     * @param enough so many appends, or bytes for a group, end the wait before its time
     * @return all that waits; maybe nothing. The list is good until the next call, which empties it
     */
    List<Append> take(long nanos, int enough) {
        lock.lock();
        try {
            taken.clear();
            long left = nanos;
            wakeAt = enough;
            while (!isWorthWaking() && !woken && !closed && left > 0) {
                try {
                    left = something.awaitNanos(left);
                } catch (InterruptedException e) {
                    // Nobody may stop the writer but close(); a continuation that set the flag meant another thread.
                    left = Math.min(left, TimeUnit.MILLISECONDS.toNanos(1));
                }
            }
            wakeAt = 0;
            woken = false;
            waitingBytes = 0;
            List<Append> all = waiting;
            waiting = taken;
            taken = all;
            return all;
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
            if (records <= maxRecords / 2 && bytes <= maxBytes / 2) {
                overloadedSince = null;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Since when more comes than the disk takes: something was turned away, and still more than half of the queue waits. */
    Optional<Instant> overloadedSince() {
        lock.lock();
        try {
            return Optional.ofNullable(overloadedSince);
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
