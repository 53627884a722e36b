// SPDX-License-Identifier: Apache-2.0
package edge.journal;

import edge.api.access.Caller;
import edge.api.gateway.ClockConfidence;
import edge.api.gateway.GatewayClock;
import edge.api.gateway.Moment;
import edge.api.journal.Cursor;
import edge.api.journal.JournalException;
import edge.api.journal.JournalRecord;
import edge.api.message.RawMessage;
import edge.api.message.RecordKey;
import edge.api.message.StreamId;
import edge.journal.disk.Storage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What the tests of the journal share. */
final class Rig {

    static final UUID GATEWAY = new UUID(0x1234_5678_9abc_def0L, 0x0fed_cba9_8765_4321L);
    static final StreamId ALARMS = StreamId.ingest("alarms");
    static final StreamId BOILER = StreamId.device("boiler-1");
    static final Caller CALLER = new Caller(Caller.Kind.MACHINE, "plc", edge.api.access.Role.OPERATOR, "127.0.0.1");
    static final long KB = 1024;

    private Rig() {
    }

    static final class Clock implements GatewayClock {
        private final UUID boot = UUID.randomUUID();
        private final long begin = System.nanoTime();

        @Override
        public Moment now() {
            return new Moment(System.nanoTime() - begin, Instant.now(), ClockConfidence.PLAUSIBLE);
        }

        @Override
        public UUID bootId() {
            return boot;
        }
    }

    static final Clock CLOCK = new Clock();

    static Settings settings(long segmentBytes, long quotaBytes, SyncPolicy sync) {
        return new Settings(segmentBytes, quotaBytes, sync, Duration.ofMillis(10), 1000, 20_000, 8 * 1024 * KB,
            (int) (256 * KB), Duration.ofMillis(20), StreamRules.of(StreamRules.WhenFull.REFUSE));
    }

    static Settings settings() {
        return settings(64 * KB, 64 * 1024 * KB, SyncPolicy.EACH);
    }

    static SegmentedJournal open(Storage storage, Settings settings) {
        return open(storage, settings, (status, text) -> { });
    }

    static SegmentedJournal open(Storage storage, Settings settings, Monitor.Listener listener) {
        SegmentedJournal journal = new SegmentedJournal(storage, settings, GATEWAY, CLOCK, new Monitor(listener));
        journal.start();
        return journal;
    }

    static RawMessage raw(String payload) {
        return new RawMessage("plant/alarms", payload.getBytes(StandardCharsets.UTF_8), 1, false, CLOCK.now(), CALLER);
    }

    static RecordKey append(SegmentedJournal journal, StreamId stream, String payload) throws Exception {
        return journal.append(stream, raw(payload)).toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    /** The failure of an append that must fail. */
    static JournalException refusal(SegmentedJournal journal, StreamId stream, String payload) throws Exception {
        try {
            RecordKey key = append(journal, stream, payload);
            throw new AssertionError("was taken as " + key);
        } catch (ExecutionException e) {
            return (JournalException) e.getCause();
        }
    }

    /** Everything that the cursor gives now. */
    static List<JournalRecord> drain(Cursor cursor) throws JournalException {
        List<JournalRecord> all = new ArrayList<>();
        for (List<JournalRecord> some = cursor.read(1000); !some.isEmpty(); some = cursor.read(1000)) {
            all.addAll(some);
        }
        return all;
    }

    /** Reads until a record comes, over damage that is first accounted for. */
    static List<JournalRecord> drainUpTo(Cursor cursor, RecordKey last) throws Exception {
        List<JournalRecord> all = new ArrayList<>();
        await("record " + last, () -> {
            all.addAll(drain(cursor));
            return all.stream().anyMatch(record -> record.key().equals(last));
        });
        return all;
    }

    static String payload(JournalRecord record) {
        return new String(((RawMessage) ((JournalRecord.Stored) record).message()).payload(), StandardCharsets.UTF_8);
    }

    /** Of the messages among the records. */
    static List<String> payloads(List<JournalRecord> records) {
        return records.stream().filter(JournalRecord.Stored.class::isInstance).map(Rig::payload).toList();
    }

    /** The keys below the newest of each stream and epoch that no record has, as text. */
    static Set<String> holes(List<JournalRecord> records) {
        Map<String, TreeSet<Long>> found = new TreeMap<>();
        for (JournalRecord record : records) {
            String stream = record.key().stream() + " " + RecordKey.epochText(record.key().epoch());
            found.computeIfAbsent(stream, key -> new TreeSet<>()).add(record.key().sequence());
        }
        Set<String> holes = new TreeSet<>();
        found.forEach((stream, sequences) -> {
            for (long sequence = 1; sequence < sequences.last(); sequence++) {
                if (!sequences.contains(sequence)) {
                    holes.add(stream + " " + sequence);
                }
            }
        });
        return holes;
    }

    /** What the ledger says is lost, in the same words. */
    static Set<String> ledger(List<JournalRecord> records) {
        Set<String> lost = new TreeSet<>();
        for (JournalRecord record : records) {
            if (record instanceof JournalRecord.Gap gap) {
                for (long sequence = gap.from(); sequence <= gap.to(); sequence++) {
                    lost.add(gap.key().stream() + " " + RecordKey.epochText(gap.lostEpoch()) + " " + sequence);
                }
            }
        }
        return lost;
    }

    /** Each sequence up to the newest was either read, before or now, or the ledger tells that it is lost; none is both. */
    static void assertAccounted(List<JournalRecord> before, List<JournalRecord> read) {
        List<JournalRecord> all = new ArrayList<>(before);
        all.addAll(read);
        Set<String> holes = holes(all);
        Set<String> untold = new TreeSet<>(holes);
        untold.removeAll(ledger(all));
        Set<String> wrong = new TreeSet<>(ledger(all));
        wrong.removeAll(holes);
        org.assertj.core.api.Assertions.assertThat(untold).as("lost without a word").isEmpty();
        org.assertj.core.api.Assertions.assertThat(wrong).as("told to be lost, and given all the same").isEmpty();
    }

    static void await(String what, Callable<Boolean> condition) throws Exception {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.call()) {
            if (System.nanoTime() - until > 0) {
                throw new TimeoutException("waited in vain for: " + what);
            }
            Thread.sleep(2);
        }
    }
}
