// SPDX-License-Identifier: Apache-2.0
package edge.journal;

import edge.api.message.StreamId;
import edge.journal.format.StreamMark;
import edge.journal.format.StreamSlot;
import java.util.concurrent.atomic.AtomicLong;

/** A stream's counters. Belongs to the writer, except {@link #synced()}. */
final class StreamState {

    private final StreamSlot slot;
    private final long epoch;
    private final AtomicLong bytes;
    private long last;
    private long total;
    private long unpublished;
    private boolean touched;
    private final long totalBefore;
    private volatile StreamMark synced;

    /** @param bytes how many bytes of the journal it takes */
    StreamState(StreamMark mark, AtomicLong bytes) {
        this.bytes = bytes;
        slot = new StreamSlot(mark.id(), mark.epoch());
        epoch = mark.epoch();
        last = mark.last();
        total = mark.total();
        totalBefore = mark.total();
        synced = mark;
    }

    StreamId id() {
        return synced.id();
    }

    long epoch() {
        return epoch;
    }

    StreamSlot slot() {
        return slot;
    }

    /** The next sequence; {@link #advance} takes it. */
    long next() {
        return last + 1;
    }

    /** The next sequence is written, in so many bytes. Returns whether it is the first since the last sync. */
    boolean advance(long written) {
        last++;
        total++;
        bytes.addAndGet(written);
        unpublished += written;
        boolean first = !touched;
        touched = true;
        return first;
    }

    /** Passes over sequences that stand for what was never stored. */
    void skip(long count) {
        last += count;
    }

    /** What was taken is on disk. */
    void publish() {
        touched = false;
        unpublished = 0;
        synced = new StreamMark(id(), epoch, last, total);
    }

    /** What was taken since {@link #publish} is free again. */
    void rollBack() {
        touched = false;
        bytes.addAndGet(-unpublished);
        unpublished = 0;
        last = synced.last();
        total = synced.total();
    }

    /** Whether this run has stored something of it. Any thread. */
    boolean isActive() {
        return synced.total() > totalBefore;
    }

    /** How far the stream is on disk. Any thread. */
    StreamMark synced() {
        return synced;
    }
}
