// SPDX-License-Identifier: Apache-2.0
package edge.journal;

import edge.api.gateway.GatewayClock;
import edge.api.journal.JournalException;
import edge.api.journal.JournalRecord.Loss;
import edge.api.message.Message;
import edge.api.message.RawMessage;
import edge.api.message.ScanMessage;
import edge.api.message.StreamId;
import edge.journal.format.Entry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts the messages that were refused and that nobody will publish again: scans, and what was published without a promise
 * (QoS 0); and whatever is too large, since it always will be. They get sequences in their stream, and an entry of the ledger
 * tells that these were lost. Any thread.
 */
final class Refusals {

    private static final long AT_ONCE = Duration.ofSeconds(1).toNanos();
    private static final long LONGEST = Duration.ofHours(1).toNanos();
    /** Streams are few; this only bounds what a fault could make of it. */
    private static final int MOST = 10_000;

    private record Key(StreamId stream, Loss reason) {
    }

    private final GatewayClock clock;
    // Guarded by this.
    private final Map<Key, Long> counts = new HashMap<>();
    private long dueAt;
    private long pause = AT_ONCE;

    Refusals(GatewayClock clock) {
        this.clock = clock;
    }

    /** A message was refused. */
    void count(StreamId stream, Message message, JournalException.Kind why) {
        boolean gone = why == JournalException.Kind.OVERSIZE || message instanceof ScanMessage
            || message instanceof RawMessage raw && raw.qos() == 0;
        if (!gone || why == JournalException.Kind.CLOSED || stream.kind() == StreamId.Kind.LOCAL) {
            return;
        }
        add(stream, switch (why) {
            case OVERSIZE -> Loss.OVERSIZE;
            case FULL -> Loss.FULL;
            default -> Loss.FAILED;
        }, 1);
    }

    private synchronized void add(StreamId stream, Loss reason, long count) {
        if (counts.isEmpty()) {
            dueAt = System.nanoTime() + pause;
        }
        Key key = new Key(stream, reason);
        if (counts.size() < MOST || counts.containsKey(key)) {
            counts.merge(key, count, Long::sum);
        }
    }

    /** Nanoseconds until they should be told; {@link Long#MAX_VALUE} if there is nothing to tell. */
    synchronized long wait(boolean well) {
        if (counts.isEmpty()) {
            return Long.MAX_VALUE;
        }
        // While the journal is full there is little room: it is told less and less often. When it is well again, at once.
        return well && pause > AT_ONCE ? 0 : Math.max(0, dueAt - System.nanoTime());
    }

    /**
     * Takes what is to be told. What then fails counts again.
     *
     * @param well whether the journal takes records
     */
    synchronized List<Append> take(boolean well) {
        pause = well ? AT_ONCE : Math.min(LONGEST, 2 * pause);
        List<Append> entries = new ArrayList<>();
        counts.forEach((key, count) -> {
            Append entry = Append.refused(key.stream(), count, Entry.Lost.forAll(clock.now(), 0, 0, 0, key.reason(),
                "The gateway could not store these messages when they came."));
            entry.whenComplete((done, failure) -> {
                if (failure != null) {
                    add(key.stream(), key.reason(), count);
                }
            });
            entries.add(entry);
        });
        counts.clear();
        return entries;
    }

    /** The journal is open and takes records, or closes: whatever there is is to be told now. */
    synchronized boolean isEmpty() {
        return counts.isEmpty();
    }
}
