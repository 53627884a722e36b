// SPDX-License-Identifier: Apache-2.0
package edge.broker;

import edge.api.journal.Cursor;
import edge.api.journal.JournalException;
import edge.api.journal.JournalRecord;
import edge.api.journal.StreamSelection;
import edge.api.message.Message;
import edge.api.message.RecordKey;
import edge.api.message.StreamId;
import edge.test.support.NoJournal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/** A journal in memory whose disk the test moves by hand. It may outlive the broker of a test. */
public final class TestJournal extends NoJournal {

    /** One append that waits. */
    public final class Append {
        private final StreamId stream;
        private final Message message;
        private final CompletableFuture<RecordKey> result = new CompletableFuture<>();

        private Append(StreamId stream, Message message) {
            this.stream = stream;
            this.message = message;
        }

        public StreamId stream() {
            return stream;
        }

        public Message message() {
            return message;
        }

        public void store() {
            result.complete(put(stream, message));
        }

        public void refuse() {
            result.completeExceptionally(new JournalException(JournalException.Kind.FULL, "the quota of the test is reached"));
        }
    }

    private static final UUID BOOT = new UUID(5, 6);

    public final List<Append> appends = new CopyOnWriteArrayList<>();
    public volatile boolean storesAtOnce = true;
    public volatile boolean refuses;

    // All guarded by this.
    private final List<JournalRecord> records = new ArrayList<>();
    private final Map<StreamId, Long> sequences = new HashMap<>();
    private final Map<String, Long> marks = new HashMap<>();
    private List<Runnable> waiting = new ArrayList<>();

    @Override
    public CompletionStage<RecordKey> append(StreamId stream, Message message) {
        Append append = new Append(stream, message);
        appends.add(append);
        if (refuses) {
            append.refuse();
        } else if (storesAtOnce) {
            append.store();
        }
        return append.result;
    }

    private RecordKey put(StreamId stream, Message message) {
        RecordKey key;
        List<Runnable> woken;
        synchronized (this) {
            key = new RecordKey(new UUID(1, 2), stream, 3, sequences.merge(stream, 1L, Long::sum));
            records.add(new JournalRecord.Stored(10L * (records.size() + 1), key, BOOT, message));
            woken = waiting;
            waiting = new ArrayList<>();
        }
        woken.forEach(Runnable::run);
        return key;
    }

    public List<Message> messages() {
        List<Message> messages = new ArrayList<>();
        appends.forEach(a -> messages.add(a.message()));
        return messages;
    }

    /** Forgets the oldest records, as a quota does. */
    public synchronized void dropFirst(int count) {
        for (int i = 0; i < count; i++) {
            records.set(i, null);
        }
    }

    @Override
    public synchronized long end() {
        return 10L * records.size();
    }

    @Override
    public synchronized List<JournalRecord> fetch(List<Long> positions) {
        List<JournalRecord> found = new ArrayList<>();
        for (long position : positions) {
            int index = (int) (position / 10) - 1;
            if (index >= 0 && index < records.size() && records.get(index) != null) {
                found.add(records.get(index));
            }
        }
        return found;
    }

    @Override
    public Cursor open(String name, StreamSelection selection) {
        return new Reader(name, selection);
    }

    private final class Reader implements Cursor {
        private final String name;
        private final StreamSelection selection;
        private long next;
        private boolean closed;

        Reader(String name, StreamSelection selection) {
            this.name = name;
            this.selection = selection;
            next = marks.getOrDefault(name, 0L);
        }

        @Override
        public List<JournalRecord> read(int max) throws JournalException {
            synchronized (TestJournal.this) {
                if (closed) {
                    throw new JournalException(JournalException.Kind.CLOSED, "closed");
                }
                List<JournalRecord> found = records.stream().filter(r -> r != null && r.position() > next)
                    .filter(r -> selection.includes(r.key().stream())).limit(max).toList();
                if (!found.isEmpty()) {
                    next = found.get(found.size() - 1).position();
                }
                return found;
            }
        }

        @Override
        public void acknowledge(long position) {
            synchronized (TestJournal.this) {
                marks.merge(name, position, Math::max);
                next = Math.max(next, position);
            }
        }

        @Override
        public void rewind() {
            next = marks.getOrDefault(name, 0L);
        }

        @Override
        public Backlog backlog() {
            return new Backlog(0, 0);
        }

        @Override
        public void whenAvailable(Runnable wakeUp) {
            boolean now;
            synchronized (TestJournal.this) {
                now = records.stream().anyMatch(r -> r != null && r.position() > next
                    && selection.includes(r.key().stream()));
                if (!now) {
                    waiting.add(wakeUp);
                }
            }
            if (now) {
                wakeUp.run();
            }
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
