// SPDX-License-Identifier: Apache-2.0
package edge.journal;

import static org.assertj.core.api.Assertions.assertThat;

import edge.api.gateway.ClockConfidence;
import edge.api.gateway.ClockCorrection;
import edge.api.gateway.GatewayClock;
import edge.api.gateway.Moment;
import edge.api.journal.Cursor;
import edge.api.journal.History;
import edge.api.journal.HistoryQuery;
import edge.api.journal.JournalRecord;
import edge.api.journal.JournalRecord.Gap;
import edge.api.journal.JournalRecord.Loss;
import edge.api.journal.StreamSelection;
import edge.api.message.RawMessage;
import edge.api.message.StreamId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What the journal makes of times: clocks that are set late, questions about a time, records that grow too old. */
class TimesTest {

    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    /** Says what a test wants; each has a boot of its own. */
    private static final class Clock implements GatewayClock {
        private final UUID boot = UUID.randomUUID();
        private volatile long monotonic;
        private volatile Instant start;
        private volatile ClockConfidence confidence;

        Clock(Instant start, ClockConfidence confidence) {
            this.start = start;
            this.confidence = confidence;
        }

        void set(Instant newStart, ClockConfidence newConfidence) {
            start = newStart;
            confidence = newConfidence;
        }

        @Override
        public Moment now() {
            return new Moment(monotonic, start.plusNanos(monotonic), confidence);
        }

        @Override
        public UUID bootId() {
            return boot;
        }
    }

    private static SegmentedJournal open(MemoryStorage disk, Clock clock, Duration maxAge) {
        StreamRules.Rule rule = new StreamRules.Rule(StreamSelection.ALL, 0, maxAge, StreamRules.WhenFull.REFUSE,
            StreamRules.RESOLUTION);
        SegmentedJournal journal = new SegmentedJournal(disk, Rig.settings(8 * Rig.KB, 8192 * Rig.KB, SyncPolicy.EACH)
            .with(new StreamRules(List.of(), rule)), Rig.GATEWAY, clock, new Monitor((status, text) -> { }));
        journal.start();
        return journal;
    }

    /** Appends one record a second, each named by its number. */
    private static void append(SegmentedJournal journal, Clock clock, StreamId stream, int from, int until) throws Exception {
        for (int i = from; i < until; i++) {
            clock.monotonic = i * SECOND;
            byte[] payload = (i + "-".repeat(150)).getBytes(StandardCharsets.UTF_8);
            journal.append(stream, new RawMessage("plant/a", payload, 1, false, clock.now(), Rig.CALLER)).toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
        }
    }

    private static ClockCorrection correction(Clock clock, long untilSeconds, Instant origin) {
        return new ClockCorrection(clock.bootId(), 0, untilSeconds * SECOND, origin, ClockConfidence.SYNCHRONISED);
    }

    private static List<Integer> numbers(SegmentedJournal journal, StreamId stream, Instant from, Instant until) throws Exception {
        List<Integer> numbers = new ArrayList<>();
        try (History history = journal.history(HistoryQuery.between(new StreamSelection(List.of(stream.label())), from, until))) {
            for (List<JournalRecord> some = history.read(50); !some.isEmpty(); some = history.read(50)) {
                Rig.payloads(some).forEach(payload -> numbers.add(Integer.parseInt(payload.replaceAll("-.*", ""))));
            }
        }
        return numbers;
    }

    private static List<Integer> range(int from, int until) {
        return java.util.stream.IntStream.range(from, until).boxed().toList();
    }

    @Test
    void a_time_is_found_by_its_stream_without_reading_everything() throws Exception {
        MemoryStorage disk = new MemoryStorage();
        Clock clock = new Clock(NOON, ClockConfidence.SYNCHRONISED);
        try (SegmentedJournal journal = open(disk, clock, Duration.ZERO)) {
            append(journal, clock, Rig.ALARMS, 0, 1500);
            append(journal, clock, Rig.BOILER, 1500, 1600);
            assertThat(journal.status().segments()).isGreaterThan(20);
            assertThat(numbers(journal, Rig.ALARMS, NOON.plusSeconds(100), NOON.plusSeconds(200))).isEqualTo(range(100, 200));
            assertThat(numbers(journal, Rig.BOILER, NOON, NOON.plusSeconds(1501))).containsExactly(1500);
            assertThat(numbers(journal, Rig.ALARMS, NOON.plusSeconds(1499), Instant.MAX)).containsExactly(1499);
            assertThat(numbers(journal, Rig.ALARMS, NOON.plusSeconds(1600), Instant.MAX)).isEmpty();
            long before = disk.bytesRead();
            assertThat(numbers(journal, Rig.ALARMS, NOON.plusSeconds(700), NOON.plusSeconds(703))).isEqualTo(range(700, 703));
            assertThat(disk.bytesRead() - before).as("bytes read for three records of %d", journal.status().bytes())
                .isLessThan(journal.status().bytes() / 4);
        }
    }

    @Test
    void a_correction_reaches_every_reader_and_the_records_stay_as_they_were_stamped() throws Exception {
        MemoryStorage disk = new MemoryStorage();
        Clock clock = new Clock(Instant.EPOCH, ClockConfidence.UNSET);
        MemoryStorage killed;
        ClockCorrection correction;
        try (SegmentedJournal journal = open(disk, clock, Duration.ZERO)) {
            append(journal, clock, Rig.ALARMS, 0, 20);
            append(journal, clock, Rig.BOILER, 20, 25);
            correction = correction(clock, 25, NOON);
            journal.correct(correction).toCompletableFuture().get(60, TimeUnit.SECONDS);
            clock.set(NOON, ClockConfidence.SYNCHRONISED);
            append(journal, clock, Rig.ALARMS, 25, 30);
            killed = disk.copy();
            List<JournalRecord> read = Rig.drain(journal.open("cloud", StreamSelection.ALL));
            assertThat(read.get(3).at().wall()).isEqualTo(Instant.EPOCH.plusSeconds(3));
            List<JournalRecord.Correction> told = read.stream().filter(JournalRecord.Correction.class::isInstance)
                .map(JournalRecord.Correction.class::cast).toList();
            assertThat(told).extracting(JournalRecord.Correction::correction).containsOnly(correction);
            assertThat(told).extracting(record -> record.key().stream()).containsExactlyInAnyOrder(Rig.ALARMS, Rig.BOILER);
            Rig.assertAccounted(List.of(), read);
            assertThat(journal.corrections()).containsExactly(correction);
        }
        for (MemoryStorage after : List.of(disk, killed)) {
            try (SegmentedJournal journal = open(after, new Clock(NOON.plusSeconds(3600), ClockConfidence.SYNCHRONISED), Duration.ZERO)) {
                assertThat(numbers(journal, Rig.ALARMS, NOON.plusSeconds(5), NOON.plusSeconds(8))).as("by the true time")
                    .isEqualTo(range(5, 8));
                assertThat(numbers(journal, Rig.ALARMS, Instant.EPOCH, Instant.EPOCH.plusSeconds(100))).as("by the wrong time").isEmpty();
                assertThat(journal.corrections()).containsExactly(correction);
            }
        }
    }

    @Test
    void a_correction_of_an_earlier_boot_counts_for_that_boot_alone_and_outlives_its_segment() throws Exception {
        MemoryStorage disk = new MemoryStorage();
        Clock first = new Clock(Instant.EPOCH, ClockConfidence.UNSET);
        try (SegmentedJournal journal = open(disk, first, Duration.ZERO)) {
            append(journal, first, Rig.ALARMS, 0, 10);
        }
        Clock second = new Clock(Instant.EPOCH, ClockConfidence.UNSET);
        ClockCorrection correction = correction(first, 10, NOON);
        try (SegmentedJournal journal = open(disk, second, Duration.ZERO)) {
            append(journal, second, Rig.ALARMS, 10, 20);
            journal.correct(correction).toCompletableFuture().get(60, TimeUnit.SECONDS);
            assertThat(numbers(journal, Rig.ALARMS, NOON, NOON.plusSeconds(100))).isEqualTo(range(0, 10));
            append(journal, second, Rig.ALARMS, 20, 400);
            assertThat(journal.status().segments()).isGreaterThan(5);
        }
        try (SegmentedJournal journal = open(disk, new Clock(NOON, ClockConfidence.UNSET), Duration.ZERO)) {
            assertThat(numbers(journal, Rig.ALARMS, NOON, NOON.plusSeconds(100))).as("known after segments without it")
                .isEqualTo(range(0, 10));
        }
    }

    private static List<JournalRecord> afterADay(MemoryStorage disk, Clock clock) throws Exception {
        List<JournalRecord> read = new ArrayList<>();
        try (SegmentedJournal journal = open(disk, clock, Duration.ofHours(1)); Cursor cursor = journal.open("cloud", StreamSelection.ALL)) {
            // What is too old goes when the journal is opened, and before it takes the first record.
            append(journal, clock, Rig.BOILER, 0, 1);
            append(journal, clock, Rig.BOILER, 1, 2);
            read.addAll(Rig.drain(cursor));
        }
        return read;
    }

    private static MemoryStorage yesterday(ClockConfidence confidence, boolean corrected) throws Exception {
        MemoryStorage disk = new MemoryStorage();
        Clock clock = new Clock(confidence == ClockConfidence.UNSET ? Instant.EPOCH : NOON, confidence);
        try (SegmentedJournal journal = open(disk, clock, Duration.ZERO)) {
            journal.open("cloud", StreamSelection.ALL).close();
            append(journal, clock, Rig.ALARMS, 0, 200);
            if (corrected) {
                journal.correct(correction(clock, 200, NOON)).toCompletableFuture().get(60, TimeUnit.SECONDS);
            }
        }
        return disk;
    }

    @Test
    void what_is_too_old_goes_delivered_or_not_and_the_reader_is_told() throws Exception {
        MemoryStorage disk = yesterday(ClockConfidence.SYNCHRONISED, false);
        List<JournalRecord> read = afterADay(disk, new Clock(NOON.plus(Duration.ofDays(1)), ClockConfidence.SYNCHRONISED));
        assertThat(Rig.payloads(read)).as("of today").hasSize(2);
        assertThat(Rig.ledger(read)).hasSize(200);
        assertThat(read).filteredOn(Gap.class::isInstance).extracting(record -> ((Gap) record).reason())
            .containsOnly(Loss.EXPIRED);
        assertThat(disk.names()).as("its files are gone").doesNotContain(Segment.name(1), Segment.name(2));
    }

    @Test
    void ages_count_only_while_the_clock_can_be_trusted() throws Exception {
        Clock unsure = new Clock(NOON.plus(Duration.ofDays(1)), ClockConfidence.PLAUSIBLE);
        assertThat(Rig.payloads(afterADay(yesterday(ClockConfidence.SYNCHRONISED, false), unsure))).hasSize(202);
    }

    @Test
    void what_no_trusted_clock_has_stamped_never_grows_old_unless_a_correction_tells_when_it_was() throws Exception {
        Clock sure = new Clock(NOON.plus(Duration.ofDays(1)), ClockConfidence.SYNCHRONISED);
        assertThat(Rig.payloads(afterADay(yesterday(ClockConfidence.UNSET, false), sure))).hasSize(202);
        assertThat(Rig.payloads(afterADay(yesterday(ClockConfidence.UNSET, true), sure))).hasSize(2);
    }
}
