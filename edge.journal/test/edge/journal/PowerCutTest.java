// SPDX-License-Identifier: Apache-2.0
package edge.journal;

import static org.assertj.core.api.Assertions.assertThat;

import edge.api.journal.Cursor;
import edge.api.journal.JournalRecord;
import edge.api.journal.StreamSelection;
import edge.api.message.RecordKey;
import edge.api.message.StreamId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Cuts the power after every call that the journal makes. */
class PowerCutTest {

    private static final int RECORDS = 120;

    private static String text(RecordKey key, String payload) {
        return key.stream() + " " + RecordKey.epochText(key.epoch()) + " " + key.sequence() + " " + payload;
    }

    private static String text(JournalRecord record) {
        return text(record.key(), Rig.payload(record));
    }

    /** Runs a journal that notes each acknowledgement between the steps of its disk. */
    private static MemoryStorage recording(SyncPolicy sync) throws Exception {
        MemoryStorage disk = new MemoryStorage();
        // No reserve: its megabyte says nothing here.
        disk.capacity(Reserve.WORTHWHILE - 1);
        return recording(disk, Rig.settings(4 * Rig.KB, 1024 * Rig.KB, sync));
    }

    private static MemoryStorage recording(MemoryStorage disk, Settings settings) throws Exception {
        try (SegmentedJournal journal = Rig.open(disk, settings)) {
            Cursor cursor = journal.open("cloud", StreamSelection.ALL);
            List<CompletableFuture<?>> pending = new ArrayList<>();
            for (int i = 0; i < RECORDS; i++) {
                StreamId stream = i % 3 == 0 ? Rig.BOILER : Rig.ALARMS;
                String payload = "payload-" + i + "-".repeat(i % 90);
                pending.add(journal.append(stream, Rig.raw(payload)).toCompletableFuture()
                    .thenAccept(key -> disk.note(text(key, payload))));
                if (i % 5 == 4) {
                    pending.get(i).get(60, TimeUnit.SECONDS);
                }
                if (i == RECORDS / 2) {
                    List<JournalRecord> read = Rig.drain(cursor);
                    cursor.acknowledge(read.get(read.size() / 2).position());
                    cursor.close();
                    disk.note("passed " + text(read.get(read.size() / 2)));
                }
            }
            CompletableFuture.allOf(pending.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
        }
        return disk;
    }

    @Test
    void nothing_acknowledged_is_lost_wherever_the_power_is_cut() throws Exception {
        MemoryStorage disk = recording(SyncPolicy.EACH);
        int cuts = 0;
        for (int step = 0; step <= disk.steps(); step++) {
            for (int seed = 0; seed < 2; seed++) {
                check(disk, step, new Random(31L * step + seed));
                cuts++;
            }
        }
        assertThat(cuts).isGreaterThan(300);
    }

    @Test
    void a_file_that_is_laid_out_ahead_loses_nothing_and_no_cut_within_it_is_taken_for_a_loss() throws Exception {
        Settings settings = Rig.settings(20 * Rig.KB, 128 * 1024 * Rig.KB, SyncPolicy.EACH);
        // A disk with room: the journal lays its files out.
        MemoryStorage disk = recording(new MemoryStorage(), settings);
        int cuts = 0;
        int told = 0;
        for (int step = 0; step <= disk.steps(); step++) {
            check(disk, step, new Random(17L * step));
            try (SegmentedJournal journal = Rig.open(disk.cut(step, new Random(17L * step)), settings)) {
                journal.open("test", StreamSelection.ALL).close();
                told += journal.status().lastStop() == edge.api.journal.JournalStatus.LastStop.TAIL_LOST ? 1 : 0;
                cuts++;
            }
        }
        assertThat(cuts).isGreaterThan(150);
        System.out.println("power cuts over a file that is laid out: " + cuts + " cuts, " + told + " of them began new epochs");
    }

    private static void check(MemoryStorage disk, int step, Random random) throws Exception {
        Set<String> acknowledged = new LinkedHashSet<>(disk.notes(step));
        acknowledged.removeIf(note -> note.startsWith("passed "));
        MemoryStorage after = disk.cut(step, random);
        try (SegmentedJournal journal = Rig.open(after, Rig.settings(4 * Rig.KB, 1024 * Rig.KB, SyncPolicy.EACH))) {
            Cursor cursor = journal.open("test", StreamSelection.ALL);
            List<JournalRecord> read = Rig.drain(cursor);
            // It goes on: what comes next is found, and no key is used twice.
            RecordKey next = Rig.append(journal, Rig.ALARMS, "payload-1-");
            // Of what was never acknowledged, some may have reached the disk and some before it may not: that is told.
            Rig.await("the ledger to tell the holes of step " + step, () -> {
                read.addAll(Rig.drain(cursor));
                return Rig.ledger(read).equals(Rig.holes(read)) && read.stream().anyMatch(r -> r.key().equals(next));
            });
            assertThat(read).extracting(JournalRecord::key).doesNotHaveDuplicates();
            List<String> texts = read.stream().filter(JournalRecord.Stored.class::isInstance).map(PowerCutTest::text).toList();
            assertThat(texts).as("cut behind step %d", step).containsAll(acknowledged);
            for (String each : texts) {
                int number = Integer.parseInt(each.substring(each.indexOf("payload-") + 8).replaceAll("-.*", ""));
                assertThat(each).endsWith("payload-" + number + "-".repeat(number % 90));
            }
            boolean passed = disk.notes(step).stream().anyMatch(note -> note.startsWith("passed "));
            if (passed) {
                String mark = disk.notes(step).stream().filter(note -> note.startsWith("passed ")).findFirst().orElseThrow();
                List<JournalRecord> rest = new ArrayList<>(Rig.drain(journal.open("cloud", StreamSelection.ALL)));
                rest.removeIf(JournalRecord.Gap.class::isInstance);
                assertThat(rest).extracting(record -> "passed " + text(record)).doesNotContain(mark);
                assertThat(rest).hasSizeLessThan(read.size());
            }
        }
    }

    @Test
    void without_sync_the_same_cuts_do_lose_records_and_that_is_told_or_begins_new_epochs() throws Exception {
        MemoryStorage disk = recording(SyncPolicy.OS);
        int lost = 0;
        for (int step = 0; step < disk.steps(); step += 3) {
            Set<String> acknowledged = new LinkedHashSet<>(disk.notes(step));
            acknowledged.removeIf(note -> note.startsWith("passed "));
            MemoryStorage after = disk.cut(step, new Random(step));
            try (SegmentedJournal journal = Rig.open(after, Rig.settings(4 * Rig.KB, 1024 * Rig.KB, SyncPolicy.OS))) {
                Cursor cursor = journal.open("test", StreamSelection.ALL);
                List<JournalRecord> read = Rig.drain(cursor);
                Set<String> texts = read.stream().filter(JournalRecord.Stored.class::isInstance)
                    .map(PowerCutTest::text).collect(Collectors.toSet());
                Set<String> gone = acknowledged.stream().filter(text -> !texts.contains(text)).collect(Collectors.toSet());
                lost += gone.isEmpty() ? 0 : 1;
                RecordKey next = Rig.append(journal, Rig.ALARMS, "payload-1-");
                gone.removeIf(text -> !text.contains(RecordKey.epochText(next.epoch())));
                // The epoch went on, so the mark of the clean stop is there, and the ledger can tell the holes before it.
                Rig.await("the ledger to tell what is lost of an epoch that goes on, step " + step, () -> {
                    read.addAll(Rig.drain(cursor));
                    return gone.stream().allMatch(text -> Rig.ledger(read).contains(text.substring(0, text.lastIndexOf(' '))));
                });
            }
        }
        assertThat(lost).as("cuts that lost records").isPositive();
    }

    @Test
    void segments_that_are_written_over_old_ones_lose_nothing_either() throws Exception {
        MemoryStorage disk = new MemoryStorage();
        disk.capacity(Reserve.WORTHWHILE - 1);
        Settings small = Rig.settings(4 * Rig.KB, Settings.LEDGER_ROOM + 24 * Rig.KB, SyncPolicy.EACH);
        try (SegmentedJournal journal = Rig.open(disk, small)) {
            for (int i = 0; i < 260; i++) {
                String payload = "payload-" + i + "-".repeat(i % 90);
                List<CompletableFuture<?>> group = new ArrayList<>();
                for (int member = 0; member <= i % 3; member++) {
                    group.add(journal.append(Rig.ALARMS, Rig.raw(payload)).toCompletableFuture()
                        .thenAccept(key -> disk.note(text(key, payload))));
                }
                for (CompletableFuture<?> each : group) {
                    each.get(60, TimeUnit.SECONDS);
                }
            }
        }
        assertThat(disk.renames(Spare.NAME)).as("segments that were written over an old one").isGreaterThan(4);
        int unclean = 0;
        for (int step = 0; step < disk.steps(); step++) {
            List<String> acknowledged = List.copyOf(disk.notes(step));
            try (SegmentedJournal journal = Rig.open(disk.cut(step, new Random(step * 31L)), small)) {
                Cursor cursor = journal.open("test", StreamSelection.ALL);
                List<JournalRecord> read = Rig.drain(cursor);
                RecordKey next = Rig.append(journal, Rig.ALARMS, "payload-1-");
                Rig.await("the ledger to tell the holes of step " + step, () -> {
                    read.addAll(Rig.drain(cursor));
                    return read.stream().anyMatch(record -> record.key().equals(next)) && holesAreTold(read);
                });
                assertThat(read).extracting(JournalRecord::key).doesNotHaveDuplicates();
                List<String> texts = read.stream().filter(JournalRecord.Stored.class::isInstance).map(PowerCutTest::text).toList();
                // The oldest were deleted; from the first that is there on, and of the newest in any case, all are there.
                int first = acknowledged.isEmpty() || texts.isEmpty() ? 0 : Math.max(0, acknowledged.indexOf(texts.get(0)));
                assertThat(acknowledged.size() - first).as("step %d", step).isGreaterThanOrEqualTo(Math.min(40, acknowledged.size()));
                assertThat(texts).as("cut behind step %d", step).containsAll(acknowledged.subList(first, acknowledged.size()));
                unclean += journal.status().lastStop() == edge.api.journal.JournalStatus.LastStop.TAIL_LOST ? 1 : 0;
            }
        }
        System.out.println("power cuts over old segments: " + disk.steps() + " cuts, " + unclean + " of them began new epochs");
    }

    /** Below the oldest record that is there, everything was deleted. */
    private static boolean holesAreTold(List<JournalRecord> read) {
        Set<String> holes = new java.util.TreeSet<>(Rig.holes(read));
        holes.removeAll(Rig.ledger(read));
        long epoch = read.get(0).key().epoch();
        holes.removeIf(hole -> hole.contains(RecordKey.epochText(epoch))
            && Long.parseLong(hole.substring(hole.lastIndexOf(' ') + 1)) < read.get(0).key().sequence());
        return holes.isEmpty();
    }
}
