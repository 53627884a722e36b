// SPDX-License-Identifier: Apache-2.0
package edge.journal;

import static org.assertj.core.api.Assertions.assertThat;

import edge.api.device.Access;
import edge.api.device.Quality;
import edge.api.device.Reading;
import edge.api.device.ReportPolicy;
import edge.api.device.Tag;
import edge.api.gateway.ClockConfidence;
import edge.api.gateway.GatewayClock;
import edge.api.gateway.Moment;
import edge.api.journal.Cursor;
import edge.api.journal.JournalException;
import edge.api.journal.JournalRecord;
import edge.api.journal.JournalRecord.Gap;
import edge.api.journal.JournalRecord.Loss;
import edge.api.journal.JournalStatus;
import edge.api.journal.Lanes;
import edge.api.journal.LedgerEntry;
import edge.api.journal.StreamSelection;
import edge.api.message.Message;
import edge.api.message.RawMessage;
import edge.api.message.ScanMessage;
import edge.api.message.StreamId;
import edge.api.value.DataType;
import edge.api.value.Value;
import edge.journal.StreamRules.Rule;
import edge.journal.StreamRules.WhenFull;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/**
 * Everything at random: fills, thins, expires, damages, refuses, rejects and revokes, removes an uplink, forks, kills. In the end,
 * for each uplink: what it received and what its ledger tells are together exactly what was sequenced. {@code
 * -Dedge.journal.accounts=200} for more rounds.
 */
class AccountTest {

    private static final int ROUNDS = Integer.getInteger("edge.journal.accounts", 4);
    private static final Tag TAG = new Tag("t", DataType.FLOAT64, "", Access.READ, Duration.ofSeconds(1),
        new ReportPolicy(false, 0, Duration.ZERO), "");
    private static final List<StreamId> STREAMS = List.of(StreamId.device("thin"), StreamId.device("drop"),
        StreamId.ingest("drop"), StreamId.ingest("small"));

    /** Time runs a thousand times as fast. */
    private static final class Clock implements GatewayClock {
        private final UUID boot = UUID.randomUUID();
        private final long began = System.nanoTime();
        private volatile Instant origin = Instant.ofEpochSecond(1_700_000_000);

        @Override
        public Moment now() {
            long nanos = System.nanoTime() - began;
            return new Moment(nanos, origin.plusNanos(nanos * 1000), ClockConfidence.SYNCHRONISED);
        }

        void skip(Duration time) {
            origin = origin.plus(time);
        }

        @Override
        public UUID bootId() {
            return boot;
        }
    }

    /** What one uplink's cloud knows. */
    private static final class Receiver {
        private final StreamSelection selection;
        private final Set<String> received = new TreeSet<>();
        private final Map<String, Loss> lost = new TreeMap<>();
        private final Map<String, LedgerEntry> letters = new HashMap<>();

        Receiver(StreamSelection selection) {
            this.selection = selection;
        }
    }

    private final Clock clock = new Clock();
    private final Map<String, Receiver> receivers = new TreeMap<>();
    private long sequenced;
    private final Map<Loss, Long> totals = new EnumMap<>(Loss.class);
    private long received;
    private long kills;
    private long flips;
    private Random random;

    private static String text(StreamId stream, long epoch, long sequence) {
        return stream + " " + Long.toHexString(epoch) + " " + sequence;
    }

    private static Settings settings() {
        Rule small = new Rule(new StreamSelection(List.of("ingest/small")), 48 * Rig.KB, Duration.ZERO, WhenFull.DROP,
            Duration.ofMinutes(1));
        Rule thin = new Rule(new StreamSelection(List.of("device/thin")), 0, Duration.ZERO, WhenFull.THIN, Duration.ofMinutes(1));
        Rule drop = new Rule(new StreamSelection(List.of("device/drop")), 0, Duration.ofSeconds(60), WhenFull.DROP,
            Duration.ofMinutes(1));
        return new Settings(16 * Rig.KB, 320 * Rig.KB, SyncPolicy.EACH, Duration.ofMillis(10), 1000, 2000, 1 << 20, 2048,
            Duration.ofMillis(20), new StreamRules(List.of(small, thin, drop), StreamRules.of(WhenFull.DROP).others()));
    }

    @Test
    void received_and_ledger_are_together_exactly_what_was_sequenced(TestReporter reporter) throws Exception {
        long seed = Long.getLong("edge.seed", 20261120);
        for (int round = 0; round < ROUNDS; round++) {
            random = new Random(seed + round);
            account("round " + round + ", seed " + (seed + round));
        }
        String result = ROUNDS + " rounds, " + kills + " kills, " + flips + " damaged segments: " + sequenced
            + " sequenced for the uplinks = " + received + " received + "
            + totals.values().stream().mapToLong(Long::longValue).sum() + " in the ledger " + totals;
        reporter.publishEntry("journal.account", result);
        System.out.println("account: " + result);
        assertThat(received + totals.values().stream().mapToLong(Long::longValue).sum()).isEqualTo(sequenced);
        assertThat(totals).containsKeys(Loss.FULL, Loss.THINNED, Loss.CORRUPT, Loss.OVERSIZE, Loss.REJECTED, Loss.REMOVED,
            Loss.EXPIRED);
    }

    private void account(String where) throws Exception {
        removed = false;
        receivers.clear();
        receivers.put("all", new Receiver(StreamSelection.ALL));
        receivers.put("devices", new Receiver(new StreamSelection(List.of("device/*"))));
        receivers.put("gone", new Receiver(new StreamSelection(List.of("ingest/*", "device/drop"))));
        MemoryStorage disk = new MemoryStorage();
        disk.forgetful();
        Map<StreamId, JournalStatus.Stream> atRemoval = new HashMap<>();
        for (int run = 0; run < 6; run++) {
            SegmentedJournal journal = open(disk);
            Map<String, Lanes> lanes = lanes(journal);
            for (int step = 0; step < 60; step++) {
                step(journal, lanes);
            }
            if (run == 4) {
                lanes.remove("gone").close();
                streams(journal).forEach(atRemoval::put);
                journal.remove("gone");
                removed = true;
            }
            if (run % 2 == 0) {
                MemoryStorage killed = disk.copy();
                journal.close();
                kills++;
                disk = killed;
                disk.forgetful();
            } else {
                journal.close();
            }
            damage(disk);
        }
        try (SegmentedJournal journal = open(disk)) {
            Map<String, Lanes> lanes = lanes(journal);
            settle(journal, lanes, atRemoval, where);
            for (String name : receivers.keySet()) {
                check(name, name.equals("gone") ? atRemoval : streams(journal), where);
            }
        }
    }

    private SegmentedJournal open(MemoryStorage disk) {
        SegmentedJournal journal = new SegmentedJournal(disk, settings(), Rig.GATEWAY, clock, new Monitor((status, text) -> { }));
        journal.start();
        return journal;
    }

    private Map<String, Lanes> lanes(SegmentedJournal journal) throws JournalException {
        Map<String, Lanes> lanes = new TreeMap<>();
        for (Map.Entry<String, Receiver> each : receivers.entrySet()) {
            boolean isGone = each.getKey().equals("gone") && removed;
            if (!isGone) {
                lanes.put(each.getKey(), journal.openLanes(each.getKey(), each.getValue().selection));
            }
        }
        return lanes;
    }

    private boolean removed;

    private static Map<StreamId, JournalStatus.Stream> streams(SegmentedJournal journal) {
        Map<StreamId, JournalStatus.Stream> streams = new HashMap<>();
        journal.status().streams().forEach(stream -> streams.put(stream.id(), stream));
        return streams;
    }

    private void step(SegmentedJournal journal, Map<String, Lanes> lanes) throws Exception {
        switch (random.nextInt(8)) {
            case 0, 1, 2 -> {
                fill(journal);
                if (random.nextInt(8) == 0) {
                    growOld(journal);
                }
            }
            case 3 -> {
                for (Lanes each : lanes.values()) {
                    if (random.nextInt(3) == 0) {
                        each.fork();
                    }
                }
            }
            case 4 -> letter(journal);
            default -> {
                for (Map.Entry<String, Lanes> each : lanes.entrySet()) {
                    deliver(each.getKey(), random.nextBoolean() ? each.getValue().live() : each.getValue().backlog(),
                        random.nextInt(each.getKey().equals("all") ? 40 : 15));
                }
            }
        }
    }

    private void fill(SegmentedJournal journal) throws Exception {
        List<CompletableFuture<?>> pending = new ArrayList<>();
        for (int i = random.nextInt(250); i > 0; i--) {
            StreamId stream = STREAMS.get(random.nextInt(STREAMS.size()));
            String payload = "x".repeat(random.nextInt(200));
            if (random.nextInt(100) == 0) {
                payload = "x".repeat(3000);
            }
            Message message = stream.kind() == StreamId.Kind.DEVICE && payload.length() < 1000
                ? new ScanMessage(stream.name(), clock.now(), List.of(new Reading(TAG, Value.real(i), Quality.GOOD, clock.now().wall())))
                : new RawMessage("t", payload.getBytes(java.nio.charset.StandardCharsets.UTF_8), 1, false, clock.now(), Rig.CALLER);
            pending.add(journal.append(stream, message).toCompletableFuture().handle((key, failure) -> null));
        }
        CompletableFuture.allOf(pending.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
    }

    /** Lets time pass until something expires, if anything can: a quick machine would fill the quota before. */
    private void growOld(SegmentedJournal journal) throws Exception {
        long before = expired(journal);
        clock.skip(Duration.ofMinutes(2));
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(200);
        while (expired(journal) == before && System.nanoTime() < deadline) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        }
    }

    private static long expired(SegmentedJournal journal) {
        return journal.status().lost().getOrDefault(Loss.EXPIRED, 0L);
    }

    /** What is read has arrived; the acknowledgement may get lost. */
    private void deliver(String name, Cursor cursor, int most) throws Exception {
        List<JournalRecord> read = cursor.read(most + 1);
        Receiver receiver = receivers.get(name);
        for (JournalRecord record : read) {
            arrive(receiver, name, record);
        }
        if (!read.isEmpty() && random.nextInt(4) > 0) {
            cursor.acknowledge(read.get(random.nextInt(read.size())).position());
        }
        if (random.nextInt(3) == 0) {
            cursor.rewind();
        }
    }

    private void arrive(Receiver receiver, String name, JournalRecord record) {
        boolean refuses = record instanceof JournalRecord.Stored && record.key().sequence() % 97 == 13;
        String key = text(record.key().stream(), record.key().epoch(), record.key().sequence());
        if (refuses && !receiver.received.contains(key)) {
            receiver.letters.putIfAbsent(key, LedgerEntry.lost(name, record.key().stream(), record.key().epoch(),
                record.key().sequence(), record.key().sequence(), Loss.REJECTED, "refused"));
            return;
        }
        receiver.received.add(key);
        if (record instanceof Gap gap) {
            told(receivers.get(gap.uplink().isEmpty() ? name : gap.uplink()), gap);
            if (gap.uplink().isEmpty() && removed) {
                // Whoever looks after the removed uplink's account hears from the others what is lost to all.
                told(receivers.get("gone"), gap);
            }
        }
    }

    private static void told(Receiver receiver, Gap gap) {
        for (long sequence = gap.from(); sequence <= gap.to(); sequence++) {
            String key = text(gap.key().stream(), gap.lostEpoch(), sequence);
            if (gap.revoked()) {
                receiver.lost.remove(key);
                receiver.received.add(key);
            } else {
                receiver.lost.put(key, gap.reason());
            }
        }
    }

    /** Tells the ledger of a letter that was refused, and now and then that it arrived after all. */
    private void letter(SegmentedJournal journal) throws Exception {
        for (Receiver receiver : receivers.values()) {
            for (LedgerEntry entry : List.copyOf(receiver.letters.values())) {
                journal.tell(entry).toCompletableFuture().get(60, TimeUnit.SECONDS);
                if (random.nextInt(4) == 0) {
                    journal.tell(entry.revoke("replayed")).toCompletableFuture().get(60, TimeUnit.SECONDS);
                }
            }
            receiver.letters.clear();
        }
    }

    /** Flips a bit in a segment that is not the last. */
    private void damage(MemoryStorage disk) {
        List<String> segments = disk.names().stream().filter(name -> name.endsWith(".seg")).sorted().toList();
        if (segments.size() > 6 && random.nextBoolean()) {
            String name = segments.get(segments.size() / 2 + random.nextInt(segments.size() / 2 - 2));
            byte[] bytes = disk.content(name);
            bytes[600 + random.nextInt(bytes.length - 1200)] ^= (byte) (1 << random.nextInt(8));
            disk.put(name, bytes);
            flips++;
        }
    }

    /** Delivers until every uplink's account is complete. */
    private void settle(SegmentedJournal journal, Map<String, Lanes> lanes, Map<StreamId, JournalStatus.Stream> atRemoval,
                        String where) throws Exception {
        String[] left = new String[1];
        try {
            Rig.await("the accounts to be complete, " + where, () -> settled(journal, lanes, atRemoval, left));
        } catch (java.util.concurrent.TimeoutException e) {
            throw new AssertionError(where + ", " + journal.health().reason()
                + ": neither received nor told: " + left[0], e);
        }
    }

    private boolean settled(SegmentedJournal journal, Map<String, Lanes> lanes, Map<StreamId, JournalStatus.Stream> atRemoval,
                            String[] left) throws Exception {
        for (Map.Entry<String, Lanes> each : lanes.entrySet()) {
            for (Cursor lane : List.of(each.getValue().backlog(), each.getValue().live())) {
                for (List<JournalRecord> read = lane.read(500); !read.isEmpty(); read = lane.read(500)) {
                    read.forEach(record -> arrive(receivers.get(each.getKey()), each.getKey(), record));
                    lane.acknowledge(read.get(read.size() - 1).position());
                }
            }
        }
        letter(journal);
        Map<String, Set<String>> missing = new TreeMap<>();
        receivers.keySet().forEach(name -> missing.put(name, missing(name,
            name.equals("gone") ? atRemoval : streams(journal))));
        left[0] = missing.toString();
        return missing.values().stream().allMatch(Set::isEmpty);
    }

    private Set<String> missing(String name, Map<StreamId, JournalStatus.Stream> streams) {
        Receiver receiver = receivers.get(name);
        Set<String> missing = new TreeSet<>();
        streams.values().stream().filter(stream -> receiver.selection.includes(stream.id())).forEach(stream -> {
            for (long sequence = 1; sequence <= stream.lastSequence(); sequence++) {
                String key = text(stream.id(), stream.epoch(), sequence);
                if (!receiver.received.contains(key) && !receiver.lost.containsKey(key)) {
                    missing.add(key);
                }
            }
        });
        return missing;
    }

    private void check(String name, Map<StreamId, JournalStatus.Stream> streams, String where) {
        assertThat(missing(name, streams)).as("%s of %s", where, name).isEmpty();
        Receiver receiver = receivers.get(name);
        Set<String> all = new TreeSet<>();
        streams.values().stream().filter(stream -> receiver.selection.includes(stream.id())).forEach(stream -> {
            for (long sequence = 1; sequence <= stream.lastSequence(); sequence++) {
                all.add(text(stream.id(), stream.epoch(), sequence));
            }
        });
        sequenced += all.size();
        for (String key : all) {
            if (receiver.received.contains(key)) {
                received++;
            } else {
                totals.merge(receiver.lost.get(key), 1L, Long::sum);
            }
        }
    }
}
