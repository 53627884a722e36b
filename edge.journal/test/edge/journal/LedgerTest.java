// SPDX-License-Identifier: Apache-2.0
package edge.journal;

import static org.assertj.core.api.Assertions.assertThat;

import edge.api.device.Access;
import edge.api.device.Quality;
import edge.api.device.Reading;
import edge.api.device.ReportPolicy;
import edge.api.device.Tag;
import edge.api.journal.Cursor;
import edge.api.journal.HistoryQuery;
import edge.api.journal.JournalException;
import edge.api.journal.JournalRecord;
import edge.api.journal.JournalRecord.Gap;
import edge.api.journal.JournalRecord.Loss;
import edge.api.journal.JournalStatus;
import edge.api.journal.LedgerEntry;
import edge.api.journal.StreamSelection;
import edge.api.message.RawMessage;
import edge.api.message.RecordKey;
import edge.api.message.ScanMessage;
import edge.api.value.DataType;
import edge.api.value.Value;
import edge.journal.StreamRules.Rule;
import edge.journal.StreamRules.WhenFull;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What policy takes away is told, exactly. */
class LedgerTest {

    private static final Tag TEMPERATURE = new Tag("temperature", DataType.FLOAT64, "°C", Access.READ, Duration.ofSeconds(1),
        new ReportPolicy(false, 0, Duration.ZERO), "");
    private static final Tag STATE = new Tag("state", DataType.TEXT, "", Access.READ, Duration.ofSeconds(1),
        new ReportPolicy(false, 0, Duration.ZERO), "");

    private static Settings small(WhenFull whenFull) {
        return Rig.settings(16 * Rig.KB, 256 * Rig.KB, SyncPolicy.EACH).with(StreamRules.of(whenFull));
    }

    private static ScanMessage scan(double value) {
        return new ScanMessage("boiler-1", Rig.CLOCK.now(), List.of(
            new Reading(TEMPERATURE, Value.real(value), Quality.GOOD, Rig.CLOCK.now().wall()),
            new Reading(STATE, Value.text("run " + value), value % 10 == 0
                ? Quality.bad(Quality.Reason.TIMEOUT, "no answer") : Quality.GOOD, Rig.CLOCK.now().wall())));
    }

    private static void acknowledgeAll(Cursor cursor, List<JournalRecord> read) {
        if (!read.isEmpty()) {
            cursor.acknowledge(read.get(read.size() - 1).position());
        }
    }

    @Test
    void when_full_the_oldest_go_and_the_reader_that_lacks_them_is_told_which() throws Exception {
        MemoryStorage disk = new MemoryStorage();
        try (SegmentedJournal journal = Rig.open(disk, small(WhenFull.DROP))) {
            Cursor quick = journal.open("quick", StreamSelection.ALL);
            Cursor slow = journal.open("slow", StreamSelection.ALL);
            List<JournalRecord> first = new ArrayList<>();
            for (int i = 0; i < 1500; i++) {
                Rig.append(journal, i % 5 == 0 ? Rig.BOILER : Rig.ALARMS, i + "x".repeat(400));
                if (i == 20) {
                    first = slow.read(5);
                    slow.acknowledge(first.get(4).position());
                }
                if (i % 10 == 9) {
                    acknowledgeAll(quick, Rig.drain(quick));
                }
            }
            assertThat(journal.status().bytes()).isLessThanOrEqualTo(256 * Rig.KB);
            List<JournalRecord> rest = Rig.drain(slow);
            assertThat(Rig.payloads(rest)).hasSizeBetween(300, 700);
            Rig.assertAccounted(first, rest);
            // The ranges grow together: told again from segment to segment, they stay one for each stream.
            assertThat(rest).filteredOn(Gap.class::isInstance).map(Gap.class::cast)
                .allMatch(gap -> gap.uplink().equals("slow") && gap.reason() == Loss.FULL).hasSizeLessThan(60);
            assertThat(journal.status().lost().get(Loss.FULL)).isGreaterThan(700L);
        }
    }

    @Test
    void when_full_old_scans_are_thinned_to_summaries_that_arrive_in_their_place() throws Exception {
        MemoryStorage disk = new MemoryStorage();
        Settings settings = Rig.settings(16 * Rig.KB, 256 * Rig.KB, SyncPolicy.EACH).with(new StreamRules(
            List.of(new Rule(new StreamSelection(List.of("device/*")), 0, Duration.ZERO, WhenFull.THIN, Duration.ofHours(1))),
            new Rule(StreamSelection.ALL, 0, Duration.ZERO, WhenFull.DROP, Duration.ofMinutes(1))));
        try (SegmentedJournal journal = Rig.open(disk, settings); Cursor cursor = journal.open("cloud", StreamSelection.ALL)) {
            int appended = 8000;
            for (int i = 0; i < appended; i++) {
                journal.append(Rig.BOILER, scan(i)).toCompletableFuture().get(60, TimeUnit.SECONDS);
            }
            List<JournalRecord> read = Rig.drain(cursor);
            long whole = read.stream().filter(JournalRecord.Stored.class::isInstance).count();
            long readings = 0;
            long bad = 0;
            double sum = 0;
            double least = Double.MAX_VALUE;
            for (JournalRecord record : read) {
                if (record instanceof JournalRecord.Summary summary) {
                    assertThat(Duration.between(summary.from(), summary.until())).isIn(Duration.ofHours(1), Duration.ofHours(10));
                    JournalRecord.TagSummary first = summary.tags().get(0);
                    assertThat(first.tag()).isEqualTo(TEMPERATURE);
                    readings += first.readings();
                    sum += first.mean() * first.numbers();
                    least = Math.min(least, first.min());
                    JournalRecord.TagSummary second = summary.tags().get(1);
                    assertThat(second.numbers()).isZero();
                    assertThat(second.mean()).isNaN();
                    assertThat(((Value.Text) second.last()).value()).startsWith("run ");
                    bad += second.bad();
                }
            }
            assertThat(readings).as("thinned and whole together").isEqualTo(appended - whole);
            assertThat(sum).isCloseTo(LongStream.range(0, readings).sum(), org.assertj.core.data.Percentage.withPercentage(0.0001));
            assertThat(least).isZero();
            assertThat(bad).isEqualTo((readings + 9) / 10);
            Rig.assertAccounted(List.of(), read);
            assertThat(Rig.ledger(read)).hasSizeGreaterThanOrEqualTo((int) readings);
            assertThat(journal.status().lost().get(Loss.THINNED)).isGreaterThanOrEqualTo(readings);
        }
    }

    @Test
    void streams_that_must_not_lose_anything_keep_the_oldest_although_others_may_go() throws Exception {
        MemoryStorage disk = new MemoryStorage();
        Settings settings = Rig.settings(16 * Rig.KB, 256 * Rig.KB, SyncPolicy.EACH).with(new StreamRules(
            List.of(new Rule(new StreamSelection(List.of("ingest/*")), 0, Duration.ZERO, WhenFull.REFUSE, Duration.ofMinutes(1))),
            new Rule(StreamSelection.ALL, 0, Duration.ZERO, WhenFull.DROP, Duration.ofMinutes(1))));
        try (SegmentedJournal journal = Rig.open(disk, settings); Cursor cursor = journal.open("cloud", StreamSelection.ALL)) {
            for (int i = 0; i < 200; i++) {
                Rig.append(journal, Rig.BOILER, i + "x".repeat(400));
            }
            RecordKey alarm = Rig.append(journal, Rig.ALARMS, "must arrive");
            JournalException refusal = null;
            for (int i = 0; i < 2000 && refusal == null; i++) {
                try {
                    Rig.append(journal, Rig.BOILER, i + "x".repeat(400));
                } catch (ExecutionException e) {
                    refusal = (JournalException) e.getCause();
                }
            }
            assertThat(refusal).isNotNull();
            assertThat(refusal.kind()).isEqualTo(JournalException.Kind.FULL);
            List<JournalRecord> read = Rig.drain(cursor);
            assertThat(read).extracting(JournalRecord::key).contains(alarm);
            Rig.assertAccounted(List.of(), read);
            assertThat(Rig.ledger(read)).isNotEmpty();
        }
    }

    @Test
    void a_stream_over_its_own_quota_loses_its_oldest_and_no_other_stream_does() throws Exception {
        MemoryStorage disk = new MemoryStorage();
        Settings settings = Rig.settings(16 * Rig.KB, 4096 * Rig.KB, SyncPolicy.EACH).with(new StreamRules(
            List.of(new Rule(new StreamSelection(List.of("ingest/*")), 64 * Rig.KB, Duration.ZERO, WhenFull.DROP,
                Duration.ofMinutes(1))), StreamRules.of(WhenFull.REFUSE).others()));
        long newest;
        try (SegmentedJournal journal = Rig.open(disk, settings); Cursor cursor = journal.open("cloud", StreamSelection.ALL)) {
            for (int i = 0; i < 600; i++) {
                Rig.append(journal, i % 4 == 0 ? Rig.BOILER : Rig.ALARMS, i + "x".repeat(400));
            }
            List<JournalRecord> read = Rig.drain(cursor);
            assertThat(read).filteredOn(record -> record.key().stream().equals(Rig.BOILER)).hasSize(150);
            List<JournalRecord> alarms = read.stream().filter(record -> record.key().stream().equals(Rig.ALARMS)).toList();
            assertThat(Rig.payloads(alarms)).hasSizeBetween(80, 160);
            Rig.assertAccounted(List.of(), read);
            assertThat(Rig.ledger(read)).hasSizeGreaterThan(250);
            JournalStatus.Stream status = journal.status().streams().stream()
                .filter(stream -> stream.id().equals(Rig.ALARMS)).findFirst().orElseThrow();
            assertThat(status.bytes()).isBetween(40 * Rig.KB, 64 * Rig.KB);
            newest = status.lastSequence();
        }
        // What was dropped stays dropped, and what is counted is the same.
        try (SegmentedJournal journal = Rig.open(disk, settings); Cursor cursor = journal.open("cloud", StreamSelection.ALL)) {
            assertThat(Rig.ledger(Rig.drain(cursor))).hasSizeGreaterThan(250);
            Rig.await("the stock to be taken", () -> journal.status().streams().stream()
                .anyMatch(stream -> stream.id().equals(Rig.ALARMS) && stream.bytes() > 40 * Rig.KB));
            assertThat(Rig.append(journal, Rig.ALARMS, "next").sequence()).isEqualTo(newest + 1);
        }
    }

    @Test
    void a_stream_that_refuses_at_its_own_quota_leaves_the_others_alone_and_heals() throws Exception {
        MemoryStorage disk = new MemoryStorage();
        Settings settings = Rig.settings(16 * Rig.KB, 4096 * Rig.KB, SyncPolicy.EACH).with(new StreamRules(
            List.of(new Rule(new StreamSelection(List.of("ingest/*")), 64 * Rig.KB, Duration.ZERO, WhenFull.REFUSE,
                Duration.ofMinutes(1))), StreamRules.of(WhenFull.REFUSE).others()));
        try (SegmentedJournal journal = Rig.open(disk, settings); Cursor cursor = journal.open("cloud", StreamSelection.ALL)) {
            JournalException refusal = null;
            while (refusal == null) {
                try {
                    Rig.append(journal, Rig.ALARMS, "x".repeat(400));
                } catch (ExecutionException e) {
                    refusal = (JournalException) e.getCause();
                }
            }
            assertThat(refusal).hasMessageContaining("ingest/alarms").hasMessageContaining("its own quota");
            Rig.append(journal, Rig.BOILER, "is not concerned");
            assertThat(journal.health().reason()).contains("ingest/alarms");
            acknowledgeAll(cursor, Rig.drain(cursor));
            Rig.append(journal, Rig.ALARMS, "fits again");
            assertThat(journal.health().reason()).isEmpty();
        }
    }

    @Test
    void refused_messages_that_nobody_publishes_again_are_in_the_ledger_when_it_is_well_again() throws Exception {
        MemoryStorage disk = new MemoryStorage();
        try (SegmentedJournal journal = Rig.open(disk, small(WhenFull.REFUSE))) {
            Cursor cursor = journal.open("cloud", StreamSelection.ALL);
            int taken = 0;
            int refused = 0;
            while (refused < 50) {
                try {
                    journal.append(Rig.BOILER, scan(taken)).toCompletableFuture().get(60, TimeUnit.SECONDS);
                    taken++;
                } catch (ExecutionException e) {
                    refused++;
                }
            }
            // Whoever publishes it with QoS 1 has no promise, and publishes it again.
            Rig.refusal(journal, Rig.BOILER, "qos 1");
            List<JournalRecord> read = new ArrayList<>(Rig.drain(cursor));
            acknowledgeAll(cursor, read);
            Rig.await("the ledger to tell the refused", () -> journal.status().lost().getOrDefault(Loss.FULL, 0L) == 50);
            Rig.append(journal, Rig.BOILER, "after");
            read.addAll(Rig.drain(cursor));
            Rig.assertAccounted(List.of(), read);
            assertThat(Rig.ledger(read)).hasSize(50);
            assertThat(Rig.payloads(read.subList(read.size() - 1, read.size()))).containsExactly("after");
        }
    }

    @Test
    void what_is_too_large_is_refused_and_told() throws Exception {
        MemoryStorage disk = new MemoryStorage();
        try (SegmentedJournal journal = Rig.open(disk, Rig.settings()); Cursor cursor = journal.open("cloud", StreamSelection.ALL)) {
            Rig.append(journal, Rig.ALARMS, "first");
            JournalException refusal = Rig.refusal(journal, Rig.ALARMS, "x".repeat(300 * 1024));
            assertThat(refusal.kind()).isEqualTo(JournalException.Kind.OVERSIZE);
            Rig.await("the ledger to tell", () -> journal.status().lost().getOrDefault(Loss.OVERSIZE, 0L) == 1);
            List<JournalRecord> read = Rig.drain(cursor);
            assertThat(((Gap) read.get(1)).from()).isEqualTo(2);
            assertThat(read.get(1).key().sequence()).isEqualTo(3);
        }
    }

    @Test
    void a_dead_letter_is_an_entry_that_can_be_found_again_and_revoked() throws Exception {
        MemoryStorage disk = new MemoryStorage();
        try (SegmentedJournal journal = Rig.open(disk, small(WhenFull.DROP))) {
            RecordKey letter = null;
            for (int i = 0; i < 100; i++) {
                letter = Rig.append(journal, Rig.ALARMS, "letter " + i + "x".repeat(300));
            }
            LedgerEntry entry = LedgerEntry.lost("cloud", Rig.ALARMS, letter.epoch(), 40, 40, Loss.REJECTED, "not authorised");
            journal.tell(entry).toCompletableFuture().get(60, TimeUnit.SECONDS);
            journal.tell(entry.revoke("sent again")).toCompletableFuture().get(60, TimeUnit.SECONDS);
            List<JournalRecord> entries = journal.history(HistoryQuery.ledger(StreamSelection.ALL)).read(10);
            assertThat(entries).hasSize(2).allMatch(record -> record instanceof Gap gap && gap.uplink().equals("cloud")
                && gap.from() == 40 && gap.to() == 40 && gap.reason() == Loss.REJECTED);
            assertThat(((Gap) entries.get(0)).revoked()).isFalse();
            assertThat(((Gap) entries.get(1)).revoked()).isTrue();
            List<JournalRecord> found = journal.history(HistoryQuery.sequences(Rig.ALARMS, letter.epoch(), 40, 41)).read(10);
            assertThat(Rig.payloads(found)).hasSize(2).first().asString().startsWith("letter 39x");
        }
    }

    @Test
    void a_full_disk_can_still_be_accounted_for() throws Exception {
        MemoryStorage disk = new MemoryStorage();
        disk.capacity(8L * 1024 * Rig.KB);
        try (SegmentedJournal journal = Rig.open(disk, Rig.settings(64 * Rig.KB, 1024 * 1024 * Rig.KB, SyncPolicy.EACH))) {
            Cursor cursor = journal.open("cloud", StreamSelection.ALL);
            RecordKey last = null;
            JournalException refusal = null;
            while (refusal == null) {
                try {
                    last = Rig.append(journal, Rig.ALARMS, "x".repeat(4000));
                } catch (ExecutionException e) {
                    refusal = (JournalException) e.getCause();
                }
            }
            assertThat(refusal.kind()).isEqualTo(JournalException.Kind.FULL);
            LedgerEntry entry = LedgerEntry.lost("cloud", Rig.ALARMS, last.epoch(), 1, 1, Loss.REJECTED, "not authorised");
            RecordKey told = journal.tell(entry).toCompletableFuture().get(60, TimeUnit.SECONDS);
            assertThat(told.sequence()).isEqualTo(last.sequence() + 1);
            assertThat(Rig.refusal(journal, Rig.ALARMS, "x".repeat(4000)).kind()).isEqualTo(JournalException.Kind.FULL);
            // It is on disk: it survives a kill, and the reader gets it.
            try (SegmentedJournal again = Rig.open(disk.copy(), Rig.settings())) {
                assertThat(Rig.drain(again.open("test", StreamSelection.ALL))).extracting(JournalRecord::key).contains(told);
            }
            assertThat(Rig.drain(cursor)).extracting(JournalRecord::key).contains(told);
        }
    }

    @Test
    void removing_an_uplink_tells_what_it_had_not_delivered() throws Exception {
        MemoryStorage disk = new MemoryStorage();
        Settings settings = Rig.settings(8 * Rig.KB, 4096 * Rig.KB, SyncPolicy.EACH);
        try (SegmentedJournal journal = Rig.open(disk, settings)) {
            Cursor other = journal.open("other", StreamSelection.ALL);
            Cursor gone = journal.open("gone", new StreamSelection(List.of("ingest/*")));
            for (int i = 0; i < 300; i++) {
                Rig.append(journal, i % 3 == 0 ? Rig.BOILER : Rig.ALARMS, i + "x".repeat(200));
            }
            List<JournalRecord> read = gone.read(50);
            gone.acknowledge(read.get(29).position());
            gone.close();
            assertThat(journal.remove("gone")).isTrue();
            List<JournalRecord> all = Rig.drain(other);
            List<Gap> gaps = all.stream().filter(Gap.class::isInstance).map(Gap.class::cast).toList();
            assertThat(gaps).hasSize(1);
            assertThat(gaps.get(0).uplink()).isEqualTo("gone");
            assertThat(gaps.get(0).reason()).isEqualTo(Loss.REMOVED);
            assertThat(gaps.get(0).from()).isEqualTo(31);
            assertThat(gaps.get(0).to()).isEqualTo(200);
            assertThat(gaps.get(0).key().stream()).isEqualTo(Rig.ALARMS);
            assertThat(journal.remove("gone")).isFalse();
        }
    }

    @Test
    void a_stop_without_an_end_is_told_as_such_and_one_in_order_is_not() throws Exception {
        MemoryStorage disk = new MemoryStorage();
        SegmentedJournal journal = Rig.open(disk, Rig.settings());
        Rig.append(journal, Rig.ALARMS, "one");
        assertThat(journal.status().lastStop()).isEqualTo(JournalStatus.LastStop.NONE);
        MemoryStorage killed = disk.copy();
        journal.close();
        List<String> events = java.util.Collections.synchronizedList(new ArrayList<>());
        try (SegmentedJournal again = Rig.open(killed, Rig.settings(), (status, text) -> events.add(text))) {
            again.open("test", StreamSelection.ALL);
            assertThat(again.status().lastStop()).isEqualTo(JournalStatus.LastStop.UNCLEAN);
            assertThat(events).singleElement().asString().contains("unclean").contains("Every record");
        }
        try (SegmentedJournal again = Rig.open(disk, Rig.settings(), (status, text) -> events.add(text))) {
            again.open("test", StreamSelection.ALL);
            assertThat(again.status().lastStop()).isEqualTo(JournalStatus.LastStop.CLEAN);
            assertThat(events).hasSize(1);
        }
    }

    @Test
    void a_lost_tail_is_told_in_the_new_epoch_of_every_stream() throws Exception {
        MemoryStorage disk = new MemoryStorage();
        RecordKey last;
        try (SegmentedJournal journal = Rig.open(disk, Rig.settings())) {
            Rig.append(journal, Rig.ALARMS, "one");
            last = Rig.append(journal, Rig.ALARMS, "two");
        }
        byte[] bytes = disk.content(Segment.name(1));
        disk.put(Segment.name(1), java.util.Arrays.copyOf(bytes, bytes.length / 2));
        byte[] cut = disk.content(Segment.name(1));
        cut[cut.length - 1] ^= 1;
        cut[cut.length - 20] ^= 1;
        disk.put(Segment.name(1), cut);
        try (SegmentedJournal journal = Rig.open(disk, Rig.settings()); Cursor cursor = journal.open("test", StreamSelection.ALL)) {
            if (journal.status().lastStop() == JournalStatus.LastStop.TAIL_LOST) {
                List<Gap> gaps = Rig.drain(cursor).stream().filter(Gap.class::isInstance).map(Gap.class::cast).toList();
                assertThat(gaps).allMatch(gap -> gap.reason() == Loss.TAIL && gap.lostEpoch() == last.epoch()
                    && gap.to() == gap.from() - 1);
            }
            RawMessage message = Rig.raw("goes on");
            assertThat(journal.append(Rig.ALARMS, message).toCompletableFuture().get(60, TimeUnit.SECONDS)).isNotEqualTo(last);
        }
    }
}
