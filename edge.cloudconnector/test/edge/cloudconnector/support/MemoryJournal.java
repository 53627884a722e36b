// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.support;

import edge.api.gateway.ClockConfidence;
import edge.api.gateway.Moment;
import edge.api.journal.Cursor;
import edge.api.journal.Journal;
import edge.api.journal.JournalException;
import edge.api.journal.JournalRecord;
import edge.api.journal.JournalStatus;
import edge.api.journal.StreamSelection;
import edge.api.message.Message;
import edge.api.message.RecordKey;
import edge.api.message.StreamId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The contract of the journal, kept in memory, so that the connector is tested alone. */
public final class MemoryJournal implements Journal {

    private static final int POSITIONS_APART = 7;

    private final UUID gateway;
    private final UUID bootId;
    // All guarded by this.
    private final List<JournalRecord> records = new ArrayList<>();
    private final Map<StreamId, Long> sequences = new HashMap<>();
    private final Map<String, Long> marks = new HashMap<>();
    private final Set<String> open = new HashSet<>();
    private final List<Runnable> waiting = new ArrayList<>();
    private JournalException failure;

    public MemoryJournal(UUID gateway, UUID bootId) {
        this.gateway = gateway;
        this.bootId = bootId;
    }

    @Override
    public CompletionStage<RecordKey> append(StreamId stream, Message message) {
        return CompletableFuture.completedFuture(append(stream, message, bootId));
    }

    /** Appends as an earlier or the present run of the gateway. */
    public RecordKey append(StreamId stream, Message message, UUID boot) {
        List<Runnable> wakeUps;
        RecordKey key;
        synchronized (this) {
            key = new RecordKey(gateway, stream, 1, sequences.merge(stream, 1L, Long::sum));
            records.add(new JournalRecord.Stored(POSITIONS_APART * (records.size() + 1L), key, boot, message));
            wakeUps = List.copyOf(waiting);
            waiting.clear();
        }
        wakeUps.forEach(Runnable::run);
        return key;
    }

    public RecordKey appendGap(StreamId stream, long from, long to) {
        synchronized (this) {
            RecordKey key = new RecordKey(gateway, stream, 1, sequences.merge(stream, 1L, Long::sum));
            records.add(new JournalRecord.Gap(POSITIONS_APART * (records.size() + 1L), key, bootId,
                new Moment(System.nanoTime(), java.time.Instant.now(), ClockConfidence.PLAUSIBLE), "", 1, from, to,
                JournalRecord.Loss.CORRUPT, "a test", false));
            return key;
        }
    }

    /** Makes every read and open fail until it is null again. */
    public synchronized void fail(JournalException why) {
        failure = why;
    }

    public synchronized long mark(String name) {
        return marks.getOrDefault(name, 0L);
    }

    public synchronized boolean isOpen(String name) {
        return open.contains(name);
    }

    @Override
    public synchronized Cursor open(String name, StreamSelection selection) throws JournalException {
        if (failure != null) {
            throw failure;
        }
        if (!open.add(name)) {
            throw new IllegalStateException("the cursor " + name + " is open");
        }
        return new MemoryCursor(name, selection);
    }

    @Override
    public synchronized boolean remove(String name) {
        return marks.remove(name) != null;
    }

    @Override
    public synchronized JournalStatus status() {
        return new JournalStatus(0, 0, 0, records.size(), 0, 0, "", "none", List.of(), Map.of(),
            JournalStatus.LastStop.NONE);
    }

    private final class MemoryCursor implements Cursor {

        private final String name;
        private final StreamSelection selection;
        private int next;

        MemoryCursor(String name, StreamSelection selection) {
            this.name = name;
            this.selection = selection;
            rewind();
        }

        @Override
        public List<JournalRecord> read(int max) throws JournalException {
            synchronized (MemoryJournal.this) {
                if (failure != null) {
                    throw failure;
                }
                List<JournalRecord> found = new ArrayList<>();
                while (next < records.size() && found.size() < max) {
                    JournalRecord record = records.get(next++);
                    if (selection.includes(record.key().stream())) {
                        found.add(record);
                    }
                }
                return found;
            }
        }

        @Override
        public void acknowledge(long position) {
            synchronized (MemoryJournal.this) {
                marks.merge(name, position, Math::max);
            }
        }

        @Override
        public void rewind() {
            synchronized (MemoryJournal.this) {
                next = (int) (mark(name) / POSITIONS_APART);
            }
        }

        @Override
        public Backlog backlog() {
            synchronized (MemoryJournal.this) {
                long count = records.size() - mark(name) / POSITIONS_APART;
                return new Backlog(count, count);
            }
        }

        @Override
        public void whenAvailable(Runnable wakeUp) {
            synchronized (MemoryJournal.this) {
                if (next >= records.size()) {
                    waiting.add(wakeUp);
                    return;
                }
            }
            wakeUp.run();
        }

        @Override
        public void close() {
            synchronized (MemoryJournal.this) {
                open.remove(name);
            }
        }
    }
}
