// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.support;

import edge.api.gateway.ClockConfidence;
import edge.api.gateway.ClockCorrection;
import edge.api.gateway.Moment;
import edge.api.journal.Cursor;
import edge.api.journal.History;
import edge.api.journal.HistoryQuery;
import edge.api.journal.Journal;
import edge.api.journal.JournalException;
import edge.api.journal.JournalRecord;
import edge.api.journal.JournalStatus;
import edge.api.journal.Lanes;
import edge.api.journal.LedgerEntry;
import edge.api.journal.StreamSelection;
import edge.api.message.Message;
import edge.api.message.RecordKey;
import edge.api.message.StreamId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongFunction;

/** The contract of the journal, kept in memory, so that the connector is tested alone. */
public final class MemoryJournal implements Journal {

    private static final int POSITIONS_APART = 7;

    private final UUID gateway;
    private final UUID bootId;
    // All guarded by this.
    private final List<JournalRecord> records = new ArrayList<>();
    private final Map<StreamId, Long> sequences = new HashMap<>();
    private long end;
    /** By name: the numbers of the positions that are acknowledged, and the fork point. */
    private final Map<String, BitSet> done = new HashMap<>();
    private final Map<String, Long> forks = new HashMap<>();
    private final Set<String> open = new HashSet<>();
    private final List<Runnable> waiting = new ArrayList<>();
    private final List<ClockCorrection> corrections = new ArrayList<>();
    private JournalException failure;
    private boolean ledgerFails;
    /** Which fetch from now on fails; 0 if none is to. */
    private int failingFetch;

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
        return add(stream, key -> position -> new JournalRecord.Stored(position, key, boot, message));
    }

    @Override
    public CompletionStage<RecordKey> tell(LedgerEntry entry) {
        if (ledgerFails) {
            return CompletableFuture.failedFuture(
                new JournalException(JournalException.Kind.FAILING, "the ledger fails in this test"));
        }
        return CompletableFuture.completedFuture(add(entry.stream(), key -> position -> new JournalRecord.Gap(position, key,
            bootId, new Moment(System.nanoTime(), Instant.now(), ClockConfidence.SYNCHRONISED), entry.uplink(),
            entry.epoch(), entry.from(), entry.to(), entry.reason(), entry.detail(), entry.revoked())));
    }

    private RecordKey add(StreamId stream, java.util.function.Function<RecordKey, LongFunction<JournalRecord>> record) {
        List<Runnable> wakeUps;
        RecordKey key;
        synchronized (this) {
            key = new RecordKey(gateway, stream, 1, sequences.merge(stream, 1L, Long::sum));
            end += POSITIONS_APART;
            records.add(record.apply(key).apply(end));
            wakeUps = List.copyOf(waiting);
            waiting.clear();
        }
        wakeUps.forEach(Runnable::run);
        return key;
    }

    @Override
    public synchronized CompletionStage<Void> correct(ClockCorrection correction) {
        corrections.add(correction);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public synchronized List<ClockCorrection> corrections() {
        return List.copyOf(corrections);
    }

    /** Makes every read and open fail until it is null again. */
    public synchronized void fail(JournalException why) {
        failure = why;
    }

    public synchronized void failLedger(boolean fails) {
        ledgerFails = fails;
    }

    /** Makes the how manieth fetch from now on fail, and only that one. */
    public synchronized void failFetch(int which) {
        failingFetch = which;
    }

    /** What the quota does: a record is there no more. */
    public synchronized void delete(RecordKey key) {
        records.removeIf(record -> record.key().equals(key));
    }

    /** The position up to which everything is acknowledged. */
    public synchronized long mark(String name) {
        return (long) POSITIONS_APART * (done.getOrDefault(name, new BitSet()).nextClearBit(1) - 1);
    }

    public synchronized boolean isOpen(String name) {
        return open.contains(name);
    }

    /** The entries of the ledger. */
    public synchronized List<JournalRecord.Gap> ledger() {
        return records.stream().filter(JournalRecord.Gap.class::isInstance).map(JournalRecord.Gap.class::cast).toList();
    }

    @Override
    public Cursor open(String name, StreamSelection selection) {
        throw new UnsupportedOperationException("the connector reads by lanes");
    }

    @Override
    public synchronized Lanes openLanes(String name, StreamSelection selection) throws JournalException {
        if (failure != null) {
            throw failure;
        }
        if (!open.add(name)) {
            throw new IllegalStateException(name + " is open");
        }
        done.computeIfAbsent(name, key -> new BitSet());
        forks.putIfAbsent(name, 0L);
        return new MemoryLanes(name, selection);
    }

    @Override
    public synchronized long end() {
        return end;
    }

    @Override
    public synchronized List<JournalRecord> fetch(List<Long> positions) throws JournalException {
        if (failingFetch > 0 && --failingFetch == 0) {
            throw new JournalException(JournalException.Kind.FAILING, "segment 7 cannot be read");
        }
        return records.stream().filter(record -> positions.contains(record.position())).toList();
    }

    @Override
    public synchronized History history(HistoryQuery query) {
        List<JournalRecord> found = new ArrayList<>(records.stream().filter(record ->
            query.streams().includes(record.key().stream()) && !record.at().wall().isBefore(query.from())
                && record.at().wall().isBefore(query.until())).toList());
        return new History() {
            @Override
            public List<JournalRecord> read(int max) {
                List<JournalRecord> some = List.copyOf(found.subList(0, Math.min(max, found.size())));
                found.subList(0, some.size()).clear();
                return some;
            }

            @Override
            public void close() {
                found.clear();
            }
        };
    }

    @Override
    public synchronized boolean remove(String name) {
        return done.remove(name) != null;
    }

    @Override
    public synchronized JournalStatus status() {
        return new JournalStatus(0, 0, 0, records.size(), 0, 0, "", "none", List.of(), Map.of(),
            JournalStatus.LastStop.NONE);
    }

    private static int number(JournalRecord record) {
        return (int) (record.position() / POSITIONS_APART);
    }

    private final class MemoryLanes implements Lanes {

        private final String name;
        private final MemoryCursor live;
        private final MemoryCursor backlog;

        MemoryLanes(String name, StreamSelection selection) {
            this.name = name;
            this.live = new MemoryCursor(name, selection, true);
            this.backlog = new MemoryCursor(name, selection, false);
        }

        @Override
        public Cursor live() {
            return live;
        }

        @Override
        public Cursor backlog() {
            return backlog;
        }

        @Override
        public void fork() {
            synchronized (MemoryJournal.this) {
                forks.put(name, end());
                live.rewind();
                backlog.rewind();
            }
        }

        @Override
        public long forkPoint() {
            synchronized (MemoryJournal.this) {
                return forks.get(name);
            }
        }

        @Override
        public void close() {
            synchronized (MemoryJournal.this) {
                open.remove(name);
            }
        }
    }

    private final class MemoryCursor implements Cursor {

        private final String name;
        private final StreamSelection selection;
        private final boolean live;
        private int next;
        private int acknowledged;

        MemoryCursor(String name, StreamSelection selection, boolean live) {
            this.name = name;
            this.selection = selection;
            this.live = live;
        }

        private boolean isMine(JournalRecord record) {
            return record.position() > forks.get(name) == live && !done.get(name).get(number(record))
                && selection.includes(record.key().stream());
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
                    if (isMine(record)) {
                        found.add(record);
                    }
                }
                return found;
            }
        }

        @Override
        public void acknowledge(long position) {
            synchronized (MemoryJournal.this) {
                while (acknowledged < records.size() && records.get(acknowledged).position() <= position) {
                    JournalRecord record = records.get(acknowledged++);
                    if (record.position() > forks.get(name) == live) {
                        done.get(name).set(number(record));
                    }
                }
            }
        }

        @Override
        public void rewind() {
            synchronized (MemoryJournal.this) {
                next = 0;
                acknowledged = 0;
            }
        }

        @Override
        public Backlog backlog() {
            synchronized (MemoryJournal.this) {
                long count = records.stream().filter(this::isMine).count();
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
            // With the lanes.
        }
    }
}
