// SPDX-License-Identifier: Apache-2.0
package edge.journal;

import static org.assertj.core.api.Assertions.assertThat;

import edge.api.health.HealthReport;
import edge.api.journal.Cursor;
import edge.api.journal.JournalRecord;
import edge.api.journal.StreamSelection;
import edge.api.message.RecordKey;
import edge.api.message.StreamId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Hands the journal disks that changed what they were given. */
class DamageTest {

    private static final int RECORDS = 24;
    private static final String FIRST = Segment.name(1);
    private static final Settings SETTINGS = Rig.settings(1024 * Rig.KB, 64 * 1024 * Rig.KB, SyncPolicy.EACH);

    private MemoryStorage disk;
    private final Map<RecordKey, String> written = new java.util.HashMap<>();

    /** One small segment with records of two streams. */
    @BeforeEach
    void write() throws Exception {
        disk = small();
        try (SegmentedJournal journal = Rig.open(disk, SETTINGS)) {
            for (int i = 0; i < RECORDS; i++) {
                StreamId stream = i % 3 == 0 ? Rig.BOILER : Rig.ALARMS;
                written.put(Rig.append(journal, stream, "payload " + i), "payload " + i);
            }
        }
    }

    private static MemoryStorage small() {
        MemoryStorage storage = new MemoryStorage();
        storage.capacity(Reserve.WORTHWHILE - 1);
        return storage;
    }

    private static MemoryStorage with(MemoryStorage from, byte[] segment) {
        MemoryStorage changed = from.copy();
        changed.capacity(Reserve.WORTHWHILE - 1);
        changed.put(FIRST, segment);
        return changed;
    }

    /** Whatever is read is what was written; returns the keys. */
    private Set<RecordKey> sound(List<JournalRecord> records, RecordKey mine) {
        Set<RecordKey> keys = new HashSet<>();
        for (JournalRecord record : records) {
            if (record instanceof JournalRecord.Stored && !record.key().equals(mine)) {
                assertThat(written).containsEntry(record.key(), Rig.payload(record));
                assertThat(keys.add(record.key())).isTrue();
            }
        }
        return keys;
    }

    /** Reads until the ledger tells every hole, and no more than the holes. */
    private static List<JournalRecord> settled(SegmentedJournal journal, String what) throws Exception {
        Cursor cursor = journal.open("test", StreamSelection.ALL);
        List<JournalRecord> read = new ArrayList<>();
        Rig.await("the ledger to tell the holes of " + what, () -> {
            read.addAll(Rig.drain(cursor));
            return Rig.ledger(read).containsAll(Rig.holes(read));
        });
        return read;
    }

    @Test
    void a_bit_that_flips_in_a_finished_segment_gives_no_wrong_record_and_every_loss_is_told() throws Exception {
        // A second run behind the damage, so that all of the first is known to have been written.
        try (SegmentedJournal journal = Rig.open(disk, SETTINGS)) {
            written.put(Rig.append(journal, Rig.ALARMS, "later"), "later");
            written.put(Rig.append(journal, Rig.BOILER, "later"), "later");
        }
        byte[] original = disk.content(FIRST);
        for (int at = 0; at < original.length; at++) {
            byte[] bytes = original.clone();
            bytes[at] ^= (byte) (1 << at % 8);
            MemoryStorage changed = with(disk, bytes);
            try (SegmentedJournal journal = Rig.open(changed, SETTINGS)) {
                Set<String> missing = missing(journal, "byte " + at);
                assertThat(missing).as("lost without a word after a flip of byte %d", at).isEmpty();
            }
        }
    }

    /** Reads until every record was either given or told to be lost, or nothing more comes. */
    private Set<String> missing(SegmentedJournal journal, String what) throws Exception {
        List<JournalRecord> read = new ArrayList<>();
        Set<String> all = names(written.keySet());
        Cursor cursor = journal.open("test", StreamSelection.ALL);
        Rig.await("all records or their loss, " + what, () -> {
            read.addAll(Rig.drain(cursor));
            Set<String> known = new TreeSet<>(Rig.ledger(read));
            read.forEach(record -> known.add(name(record.key())));
            return known.containsAll(all);
        });
        Set<RecordKey> given = sound(read, null);
        Set<String> lost = Rig.ledger(read);
        assertThat(names(given)).as("told to be lost, and given all the same").noneMatch(lost::contains);
        Set<String> missing = new TreeSet<>(all);
        missing.removeAll(names(given));
        missing.removeAll(lost);
        return missing;
    }

    private static Set<String> names(Set<RecordKey> keys) {
        return keys.stream().map(DamageTest::name).collect(Collectors.toCollection(TreeSet::new));
    }

    private static String name(RecordKey key) {
        return key.stream() + " " + RecordKey.epochText(key.epoch()) + " " + key.sequence();
    }

    @Test
    void a_bit_that_flips_in_the_last_segment_gives_no_wrong_record_and_no_key_is_used_twice() throws Exception {
        byte[] original = disk.content(FIRST);
        for (int at = 0; at < original.length; at++) {
            byte[] bytes = original.clone();
            bytes[at] ^= (byte) (1 << at % 8);
            try (SegmentedJournal journal = Rig.open(with(disk, bytes), SETTINGS)) {
                RecordKey mine = Rig.append(journal, Rig.ALARMS, "mine");
                assertThat(written).as("flip of byte %d", at).doesNotContainKey(mine);
                List<JournalRecord> read = settled(journal, "byte " + at);
                Set<RecordKey> given = sound(read, mine);
                assertThat(names(given)).noneMatch(Rig.ledger(read)::contains);
                // Either the loss is told, or the end was damaged and every stream began a new epoch.
                Set<String> missing = names(written.keySet());
                missing.removeAll(names(given));
                missing.removeAll(Rig.ledger(read));
                boolean newEpoch = written.keySet().stream().noneMatch(key -> key.epoch() == mine.epoch());
                assertThat(missing.isEmpty() || newEpoch).as("flip of byte %d lost %s", at, missing).isTrue();
            }
        }
    }

    @Test
    void a_segment_cut_anywhere_keeps_every_whole_record_before_the_cut() throws Exception {
        byte[] original = disk.content(FIRST);
        List<Long> ends = new ArrayList<>();
        try (SegmentedJournal journal = Rig.open(disk.copy(), SETTINGS)) {
            Rig.drain(journal.open("test", StreamSelection.ALL))
                .forEach(record -> ends.add(Positions.offset(record.position())));
        }
        for (int length = 0; length < original.length; length++) {
            int cut = length;
            try (SegmentedJournal journal = Rig.open(with(disk, java.util.Arrays.copyOf(original, length)), SETTINGS)) {
                RecordKey mine = Rig.append(journal, Rig.ALARMS, "mine");
                List<JournalRecord> read = settled(journal, "cut at " + length);
                Set<RecordKey> given = sound(read, mine);
                // The next record begins where the one before is whole.
                long whole = ends.stream().skip(1).filter(next -> next <= cut).count();
                assertThat(given.size()).as("cut at %d", length).isGreaterThanOrEqualTo((int) whole);
                assertThat(Rig.ledger(read)).isEmpty();
            }
        }
    }

    @Test
    void damage_that_was_told_is_not_told_again_after_a_restart() throws Exception {
        byte[] bytes = disk.content(FIRST);
        bytes[bytes.length / 2] ^= 4;
        MemoryStorage changed = with(disk, bytes);
        List<JournalRecord> first;
        try (SegmentedJournal journal = Rig.open(changed, SETTINGS)) {
            Rig.append(journal, Rig.BOILER, "mine");
            first = settled(journal, "the flip");
            // The records can be read before the segment is put aside and somebody is told.
            Rig.await("the warning", () -> journal.health().status() == HealthReport.Status.WARN);
        }
        try (SegmentedJournal journal = Rig.open(changed, SETTINGS)) {
            Cursor cursor = journal.open("again", StreamSelection.ALL);
            List<JournalRecord> again = new ArrayList<>(Rig.drain(cursor));
            Rig.await("the segment to be checked again",
                () -> journal.health().reason().contains("0 records more are lost"));
            again.addAll(Rig.drain(cursor));
            assertThat(again).filteredOn(JournalRecord.Gap.class::isInstance).hasSize(1);
            assertThat(Rig.ledger(again)).isEqualTo(Rig.ledger(first)).isNotEmpty();
        }
        assertThat(changed.names()).anyMatch(name -> name.startsWith("quarantine/" + FIRST));
    }

    @Test
    void a_whole_segment_that_is_gone_is_told() throws Exception {
        Settings settings = Rig.settings(2 * Rig.KB, 1024 * Rig.KB, SyncPolicy.EACH);
        MemoryStorage storage = small();
        written.clear();
        try (SegmentedJournal journal = Rig.open(storage, settings)) {
            for (int i = 0; i < 400; i++) {
                written.put(Rig.append(journal, Rig.ALARMS, "payload " + i), "payload " + i);
            }
        }
        storage.lose(Segment.name(3));
        storage.lose(Segment.name(4));
        try (SegmentedJournal journal = Rig.open(storage, settings)) {
            assertThat(missing(journal, "segments 3 and 4")).isEmpty();
        }
    }

    @Test
    void a_last_segment_that_is_gone_begins_new_epochs_when_a_cursor_had_passed_it() throws Exception {
        try (SegmentedJournal journal = Rig.open(disk, SETTINGS)) {
            written.put(Rig.append(journal, Rig.ALARMS, "later"), "later");
            Cursor cursor = journal.open("cloud", StreamSelection.ALL);
            List<JournalRecord> read = Rig.drain(cursor);
            cursor.acknowledge(read.get(read.size() - 1).position());
        }
        disk.lose(Segment.name(2));
        try (SegmentedJournal journal = Rig.open(disk, SETTINGS)) {
            RecordKey next = Rig.append(journal, Rig.ALARMS, "next");
            assertThat(written).doesNotContainKey(next);
            assertThat(Rig.payloads(Rig.drain(journal.open("cloud", StreamSelection.ALL)))).containsExactly("next");
        }
    }

    @Test
    void random_bytes_in_place_of_segments_stop_nothing() throws Exception {
        Random random = new Random(20240501);
        for (int round = 0; round < 60; round++) {
            MemoryStorage storage = small();
            for (int number = 1; number <= 3; number++) {
                byte[] bytes = new byte[random.nextInt(40_000)];
                random.nextBytes(bytes);
                if (random.nextBoolean()) {
                    byte[] sound = disk.content(FIRST);
                    System.arraycopy(sound, 0, bytes, 0, Math.min(bytes.length, random.nextInt(sound.length)));
                }
                storage.put(Segment.name(number), bytes);
            }
            byte[] mark = new byte[random.nextInt(30)];
            random.nextBytes(mark);
            storage.put(Marks.NAME, mark);
            try (SegmentedJournal journal = Rig.open(storage, SETTINGS)) {
                RecordKey mine = Rig.append(journal, Rig.ALARMS, "mine");
                Cursor cursor = journal.open("test", StreamSelection.ALL);
                List<JournalRecord> read = Rig.drainUpTo(cursor, mine);
                sound(read, mine);
                assertThat(read).extracting(JournalRecord::key).contains(mine);
            }
        }
    }

    @Test
    void a_payload_that_imitates_frames_is_never_taken_for_records() throws Exception {
        // The publisher knows the format and sends a whole segment as its payload; then the frame around it is damaged.
        byte[] forged = disk.content(FIRST);
        MemoryStorage storage = small();
        try (SegmentedJournal journal = Rig.open(storage, SETTINGS)) {
            journal.append(Rig.ALARMS, new edge.api.message.RawMessage("t", forged, 1, false, Rig.CLOCK.now(), Rig.CALLER))
                .toCompletableFuture().get();
            Rig.append(journal, Rig.BOILER, "behind");
        }
        byte[] bytes = storage.content(FIRST);
        String text = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
        int inner = text.indexOf("EDGEJNL", 1);
        // Back from the payload over its frame: each of these bytes in turn.
        for (int at = inner - 60; at < inner; at++) {
            byte[] damaged = bytes.clone();
            damaged[at] ^= 0x55;
            try (SegmentedJournal journal = Rig.open(with(storage, damaged), SETTINGS)) {
                List<JournalRecord> read = Rig.drain(journal.open("test", StreamSelection.ALL));
                assertThat(read).filteredOn(JournalRecord.Stored.class::isInstance)
                    .noneMatch(record -> written.containsKey(record.key()));
            }
        }
    }
}
