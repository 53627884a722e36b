// SPDX-License-Identifier: Apache-2.0
package edge.journal;

import edge.api.device.Reading;
import edge.api.journal.JournalException;
import edge.api.message.Message;
import edge.api.message.RawMessage;
import edge.api.message.RecordKey;
import edge.api.message.ScanMessage;
import edge.api.message.StreamId;
import edge.journal.format.Entry;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** One append on its way to the disk. It is its own result, because a million of them pass each second. */
final class Append extends CompletableFuture<RecordKey> {

    private static final int PER_RECORD = 64;
    private static final int PER_READING = 48;

    final StreamId stream;
    final int weight;
    /** Null in an entry, and once it is done. */
    Message message;
    /** Null in a message. */
    final Entry entry;
    /** An entry of the ledger with so many sequences before its own stands for what was never stored. */
    final long skip;
    // Only the writer's.
    private boolean finished;
    StreamState state;
    long sequence;

    Append(StreamId stream, Message message) {
        this.stream = stream;
        this.message = message;
        this.entry = null;
        this.skip = 0;
        this.weight = weigh(message);
    }

    Append(StreamId stream, Entry entry) {
        this(stream, entry, 0);
    }

    private Append(StreamId stream, Entry entry, long skip) {
        this.stream = stream;
        this.entry = entry;
        this.skip = skip;
        this.weight = PER_RECORD;
    }

    /** Tells of messages that were refused and that nobody publishes again. */
    static Append refused(StreamId stream, long count, Entry.Lost why) {
        return new Append(stream, why, count);
    }

    /** About how many bytes of memory and of disk it takes. */
    private static int weigh(Message message) {
        if (message instanceof RawMessage raw) {
            return PER_RECORD + raw.topic().length() + raw.payload().length;
        }
        int weight = PER_RECORD;
        for (Reading reading : ((ScanMessage) message).readings()) {
            weight += PER_READING + reading.quality().detail().length();
            if (reading.value() instanceof edge.api.value.Value.Text text) {
                weight += text.value().length();
            } else if (reading.value() instanceof edge.api.value.Value.Bytes bytes) {
                weight += bytes.value().length;
            }
        }
        return weight;
    }

    /** Whether the journal itself has something to say: then there is always room. */
    boolean isEntry() {
        return entry != null;
    }

    /** Whether it was done or failed. Not the future's word: whoever holds that may cancel it. */
    boolean isFinished() {
        return finished;
    }

    void done(UUID gateway) {
        finished = true;
        message = null;
        complete(new RecordKey(gateway, stream, state.epoch(), sequence));
    }

    void fail(JournalException failure) {
        finished = true;
        message = null;
        completeExceptionally(failure);
    }
}
