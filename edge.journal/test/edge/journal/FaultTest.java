// SPDX-License-Identifier: Apache-2.0
package edge.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import edge.api.health.HealthReport;
import edge.api.journal.Cursor;
import edge.api.journal.JournalException;
import edge.api.journal.JournalRecord;
import edge.api.journal.StreamSelection;
import edge.api.message.RecordKey;
import edge.journal.MemoryStorage.Call;
import edge.journal.disk.StorageFullException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Lets the disk fail, at every call in turn, once or for a while. */
class FaultTest {

    private static final Settings SETTINGS = Rig.settings(3 * Rig.KB, 1024 * Rig.KB, SyncPolicy.EACH);
    private static final Set<Call> WRITING = EnumSet.of(Call.CREATE, Call.REOPEN, Call.WRITE, Call.SYNC, Call.SYNC_FOLDER, Call.TRUNCATE,
        Call.RENAME, Call.DELETE);

    private static IOException eio() {
        return new IOException("Input/output error");
    }

    /** Appends, reads, acknowledges; returns the payloads that were acknowledged. */
    private static List<String> work(MemoryStorage disk) throws Exception {
        List<String> acknowledged = new ArrayList<>();
        try (SegmentedJournal journal = Rig.open(disk, SETTINGS)) {
            Cursor cursor = null;
            for (int i = 0; i < 40; i++) {
                String payload = "payload " + i + "-".repeat(i * 7 % 150);
                for (int attempt = 0; attempt < 200; attempt++) {
                    try {
                        Rig.append(journal, i % 4 == 0 ? Rig.BOILER : Rig.ALARMS, payload);
                        acknowledged.add(payload);
                        break;
                    } catch (ExecutionException e) {
                        assertThat(e.getCause()).isInstanceOf(JournalException.class);
                        payload = "payload " + i + " again " + attempt;
                        Thread.sleep(5);
                    }
                }
                if (i % 10 == 5) {
                    try {
                        cursor = cursor == null ? journal.open("cloud", StreamSelection.ALL) : cursor;
                        List<JournalRecord> read = cursor.read(5);
                        if (!read.isEmpty()) {
                            cursor.acknowledge(read.get(read.size() - 1).position());
                        }
                    } catch (JournalException e) {
                        // The disk failed here: the next turn tries again.
                        assertThat(e).hasMessageContaining("memory");
                    }
                }
            }
        }
        return acknowledged;
    }

    private static List<String> survivors(MemoryStorage disk) throws Exception {
        try (SegmentedJournal journal = Rig.open(disk.copy(), SETTINGS)) {
            return Rig.payloads(Rig.drain(journal.open("test", StreamSelection.ALL)));
        }
    }

    @Test
    void a_call_that_fails_once_loses_nothing_and_is_not_noticed_by_publishers() throws Exception {
        MemoryStorage dry = new MemoryStorage();
        work(dry);
        int calls = dry.calls();
        assertThat(calls).isGreaterThan(100);
        for (int failing = 0; failing < calls; failing++) {
            int number = failing;
            MemoryStorage disk = new MemoryStorage();
            disk.fault((call, kind, name) -> call == number ? eio() : null);
            List<String> acknowledged = work(disk);
            disk.fault(MemoryStorage.NONE);
            assertThat(acknowledged).as("acknowledged with call %d failing", failing).hasSize(40);
            assertThat(survivors(disk)).as("call %d failing", failing).containsExactlyElementsOf(acknowledged);
        }
    }

    @Test
    void a_disk_that_fails_for_a_while_refuses_and_heals() throws Exception {
        for (int from = 3; from < 200; from += 9) {
            int first = from;
            MemoryStorage disk = new MemoryStorage();
            disk.fault((call, kind, name) -> call >= first && call < first + 12 && WRITING.contains(kind) ? eio() : null);
            List<String> acknowledged = work(disk);
            disk.fault(MemoryStorage.NONE);
            assertThat(acknowledged).hasSize(40);
            assertThat(survivors(disk)).as("failing from call %d", from).containsExactlyElementsOf(acknowledged);
        }
    }

    @Test
    void a_segment_whose_sync_failed_is_never_written_or_synced_again() throws Exception {
        MemoryStorage disk = new MemoryStorage();
        List<String> poisoned = Collections.synchronizedList(new ArrayList<>());
        List<String> touched = Collections.synchronizedList(new ArrayList<>());
        int[] syncs = new int[1];
        disk.fault((call, kind, name) -> {
            boolean segment = name.endsWith(".seg");
            if (segment && poisoned.contains(name) && (kind == Call.SYNC || kind == Call.WRITE)) {
                touched.add(kind + " " + name);
            }
            if (segment && kind == Call.SYNC && ++syncs[0] % 4 == 0) {
                poisoned.add(name);
                return eio();
            }
            return null;
        });
        List<String> acknowledged = work(disk);
        disk.fault(MemoryStorage.NONE);
        assertThat(poisoned).hasSizeGreaterThan(3);
        assertThat(touched).isEmpty();
        assertThat(survivors(disk)).containsExactlyElementsOf(acknowledged);
    }

    @Test
    void a_record_that_was_refused_is_never_read_although_its_bytes_reached_the_disk() throws Exception {
        MemoryStorage disk = new MemoryStorage();
        try (SegmentedJournal journal = Rig.open(disk, SETTINGS)) {
            RecordKey first = Rig.append(journal, Rig.ALARMS, "first");
            // The bytes are written, only their syncs fail, and so does all that could take them away.
            disk.fault((call, kind, name) -> kind == Call.SYNC || kind == Call.TRUNCATE || kind == Call.DELETE ? eio() : null);
            JournalException refusal = Rig.refusal(journal, Rig.ALARMS, "refused");
            assertThat(refusal.kind()).isEqualTo(JournalException.Kind.FAILING);
            assertThat(refusal).hasMessageContaining("Input/output error").hasMessageContaining("memory");
            assertThat(journal.health().status()).isEqualTo(HealthReport.Status.CRITICAL);
            assertThat(journal.health().remedy()).isNotBlank();
            disk.fault(MemoryStorage.NONE);
            Rig.await("the journal to heal", () -> journal.health().status() == HealthReport.Status.OK);
            RecordKey second = Rig.append(journal, Rig.ALARMS, "second");
            assertThat(second.sequence()).isEqualTo(first.sequence() + 1);
            assertThat(Rig.payloads(Rig.drain(journal.open("test", StreamSelection.ALL)))).containsExactly("first", "second");
        }
        assertThat(survivors(disk)).containsExactly("first", "second");
    }

    @Test
    void a_power_cut_before_the_disk_takes_a_write_again_may_keep_a_refused_record_but_never_its_key_for_another() throws Exception {
        int kept = 0;
        for (int seed = 0; seed < 40; seed++) {
            MemoryStorage disk = new MemoryStorage();
            disk.capacity(Reserve.WORTHWHILE - 1);
            RecordKey first;
            int step;
            try (SegmentedJournal journal = Rig.open(disk, SETTINGS)) {
                first = Rig.append(journal, Rig.ALARMS, "first");
                // Nothing that comes now can be told to this disk, not even that a record was refused.
                disk.fault((call, kind, name) -> WRITING.contains(kind) && kind != Call.WRITE ? eio() : null);
                Rig.refusal(journal, Rig.ALARMS, "refused");
                step = disk.steps();
                disk.fault(MemoryStorage.NONE);
            }
            MemoryStorage after = disk.cut(step, new java.util.Random(seed));
            try (SegmentedJournal journal = Rig.open(after, SETTINGS); Cursor cursor = journal.open("cloud", StreamSelection.ALL)) {
                // Its publisher has no promise and publishes again.
                RecordKey again = Rig.append(journal, Rig.ALARMS, "refused");
                List<JournalRecord> read = Rig.drainUpTo(cursor, again);
                assertThat(Rig.payloads(read)).as("seed %d", seed).startsWith("first").endsWith("refused");
                assertThat(read).extracting(JournalRecord::key).contains(first).doesNotHaveDuplicates();
                Rig.assertAccounted(List.of(), read);
                kept += Rig.payloads(read).size() - 2;
                assertThat(Rig.payloads(read).size()).isBetween(2, 3);
            }
        }
        assertThat(kept).as("cuts after which the refused record was there: else this proves nothing").isPositive();
    }

    @Test
    void once_the_disk_has_taken_a_write_again_no_power_cut_brings_a_refused_record_back() throws Exception {
        for (int seed = 0; seed < 40; seed++) {
            MemoryStorage disk = new MemoryStorage();
            disk.capacity(Reserve.WORTHWHILE - 1);
            int step;
            try (SegmentedJournal journal = Rig.open(disk, SETTINGS)) {
                Rig.append(journal, Rig.ALARMS, "first");
                disk.fault((call, kind, name) -> WRITING.contains(kind) && kind != Call.WRITE ? eio() : null);
                Rig.refusal(journal, Rig.ALARMS, "refused");
                disk.fault(MemoryStorage.NONE);
                Rig.await("the journal to heal", () -> journal.status().lastError().isEmpty());
                step = disk.steps();
            }
            try (SegmentedJournal journal = Rig.open(disk.cut(step, new java.util.Random(seed)), SETTINGS)) {
                assertThat(Rig.payloads(Rig.drain(journal.open("cloud", StreamSelection.ALL)))).as("seed %d", seed)
                    .containsExactly("first");
            }
        }
    }

    @Test
    void a_full_disk_is_told_and_heals_and_cursors_keep_their_marks_meanwhile() throws Exception {
        MemoryStorage disk = new MemoryStorage();
        disk.capacity(8L * 1024 * Rig.KB);
        List<String> events = Collections.synchronizedList(new ArrayList<>());
        try (SegmentedJournal journal = Rig.open(disk, Rig.settings(64 * Rig.KB, 1024 * 1024 * Rig.KB, SyncPolicy.EACH),
            (status, text) -> events.add(status + " " + text))) {
            Cursor cursor = journal.open("cloud", StreamSelection.ALL);
            int taken = 0;
            JournalException refusal = null;
            while (refusal == null) {
                try {
                    Rig.append(journal, Rig.ALARMS, "x".repeat(4000) + taken);
                    taken++;
                } catch (ExecutionException e) {
                    refusal = (JournalException) e.getCause();
                }
            }
            assertThat(refusal.kind()).isEqualTo(JournalException.Kind.FULL);
            assertThat(refusal).hasMessageContaining("disk of the journal in memory is full").hasMessageContaining("Free some");
            assertThat(disk.free()).isLessThan(64 * Rig.KB);
            List<JournalRecord> read = Rig.drain(cursor);
            assertThat(read).hasSize(taken);
            cursor.acknowledge(read.get(taken / 2).position());
            cursor.close();
            assertThat(disk.content(Marks.NAME)).isNotEmpty();

            disk.capacity(32L * 1024 * Rig.KB);
            Rig.await("the journal to heal", () -> journal.status().lastError().isEmpty());
            assertThat(Rig.append(journal, Rig.ALARMS, "after").sequence()).isEqualTo(taken + 1);
            assertThat(Rig.drain(journal.open("cloud", StreamSelection.ALL))).hasSize(taken - taken / 2);
            assertThat(events).hasSize(2).first().asString().startsWith("CRITICAL");
        }
    }

    @Test
    void a_disk_that_is_full_at_any_call_loses_nothing() throws Exception {
        for (int from = 0; from < 160; from++) {
            int first = from;
            MemoryStorage disk = new MemoryStorage();
            disk.fault((call, kind, name) -> call >= first && call < first + 6 && (kind == Call.WRITE || kind == Call.CREATE)
                ? new StorageFullException("No space left on device", null) : null);
            List<String> acknowledged = work(disk);
            disk.fault(MemoryStorage.NONE);
            assertThat(acknowledged).hasSize(40);
            assertThat(survivors(disk)).as("full from call %d", from).containsExactlyElementsOf(acknowledged);
        }
    }

    @Test
    void a_disk_that_cannot_be_opened_refuses_with_its_name_and_opens_by_itself_later() throws Exception {
        MemoryStorage disk = new MemoryStorage();
        disk.fault((call, kind, name) -> new IOException("Permission denied"));
        try (SegmentedJournal journal = Rig.open(disk, SETTINGS)) {
            assertThat(Rig.refusal(journal, Rig.ALARMS, "one")).hasMessageContaining("memory cannot be used: Permission denied");
            assertThatExceptionOfType(JournalException.class).isThrownBy(() -> journal.open("cloud", StreamSelection.ALL))
                .withMessageContaining("Permission denied");
            assertThat(journal.health().status()).isEqualTo(HealthReport.Status.CRITICAL);
            disk.fault(MemoryStorage.NONE);
            Rig.await("the journal to open", () -> journal.status().lastError().isEmpty());
            assertThat(Rig.append(journal, Rig.ALARMS, "two").sequence()).isEqualTo(1);
        }
    }

    @Test
    void a_disk_that_can_only_be_read_gives_what_it_has_and_refuses_the_rest() throws Exception {
        MemoryStorage disk = new MemoryStorage();
        List<String> acknowledged = work(disk);
        disk.fault((call, kind, name) -> WRITING.contains(kind) ? new IOException("Read-only file system") : null);
        try (SegmentedJournal journal = Rig.open(disk, SETTINGS)) {
            assertThat(Rig.refusal(journal, Rig.ALARMS, "one")).hasMessageContaining("Read-only file system");
            Cursor cursor = journal.open("cloud", StreamSelection.ALL);
            assertThat(Rig.payloads(Rig.drain(cursor))).isNotEmpty().isSubsetOf(acknowledged);
            assertThatExceptionOfType(JournalException.class).isThrownBy(() -> journal.open("new", StreamSelection.ALL))
                .withMessageContaining("Read-only file system");
        }
    }

    @Test
    void when_more_wait_than_the_queue_takes_the_next_ones_are_refused_and_the_others_arrive() throws Exception {
        MemoryStorage disk = new MemoryStorage();
        CompletableFuture<Void> gate = new CompletableFuture<>();
        disk.fault((call, kind, name) -> {
            if (kind == Call.SYNC && name.endsWith(".seg")) {
                gate.join();
            }
            return null;
        });
        Settings base = SETTINGS;
        Settings small = new Settings(base.segmentBytes(), base.quotaBytes(), base.sync(), base.interval(), 1000, 50, 1 << 20,
            base.recordBytes(), base.retry(), base.rules());
        try (SegmentedJournal journal = Rig.open(disk, small)) {
            List<CompletableFuture<RecordKey>> appends = new ArrayList<>();
            for (int i = 0; i < 80; i++) {
                appends.add(journal.append(Rig.ALARMS, Rig.raw("r" + i)).toCompletableFuture());
            }
            assertThat(appends.subList(0, 50)).noneMatch(CompletableFuture::isDone);
            assertThat(appends.subList(50, 80)).allMatch(CompletableFuture::isCompletedExceptionally);
            assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> appends.get(60).get())
                .havingCause().isInstanceOf(JournalException.class).withMessageContaining("Publish more slowly");
            gate.complete(null);
            assertThat(appends.get(49).get(60, TimeUnit.SECONDS).sequence()).isEqualTo(50);
            Rig.await("room", () -> journal.append(Rig.ALARMS, Rig.raw("more")).toCompletableFuture().isDone() == false);
        }
    }

    @Test
    void a_bad_sector_in_an_old_segment_holds_nobody_up_and_its_loss_is_told() throws Exception {
        MemoryStorage disk = new MemoryStorage();
        Settings settings = Rig.settings(32 * Rig.KB, 1024 * Rig.KB, SyncPolicy.EACH);
        try (SegmentedJournal journal = Rig.open(disk, settings)) {
            for (int i = 0; i < 1200; i++) {
                journal.append(Rig.ALARMS, Rig.raw("payload " + i + "-".repeat(60)));
            }
            Rig.append(journal, Rig.ALARMS, "last");
            disk.badSector(Segment.name(2), 12_000);
            List<JournalRecord> read = new ArrayList<>();
            Cursor cursor = journal.open("cloud", StreamSelection.ALL);
            int[] failures = new int[1];
            Rig.await("all but the lost, and the ledger", () -> {
                try {
                    read.addAll(cursor.read(100));
                } catch (JournalException e) {
                    failures[0]++;
                }
                return Rig.ledger(read).equals(Rig.holes(read)) && read.size() > 1000 && !Rig.ledger(read).isEmpty();
            });
            assertThat(failures[0]).as("reads that were tried again").isPositive();
            assertThat(Rig.ledger(read).size()).isBetween(10, 100);
            assertThat(read).extracting(record -> record.key().sequence()).doesNotHaveDuplicates();
        }
    }

    @Test
    void a_bad_sector_in_the_last_segment_does_not_keep_the_journal_from_opening() throws Exception {
        MemoryStorage disk = new MemoryStorage();
        Settings settings = Rig.settings(1024 * Rig.KB, 64 * 1024 * Rig.KB, SyncPolicy.EACH);
        try (SegmentedJournal journal = Rig.open(disk, settings)) {
            for (int i = 0; i < 1200; i++) {
                journal.append(Rig.ALARMS, Rig.raw("payload " + i + "-".repeat(60)));
            }
            Rig.append(journal, Rig.ALARMS, "last");
        }
        disk.badSector(Segment.name(1), 12_000);
        try (SegmentedJournal journal = Rig.open(disk, settings)) {
            Rig.await("the journal to open", () -> journal.status().segments() > 0 && journal.status().lastError().isEmpty());
            assertThat(Rig.append(journal, Rig.ALARMS, "next").sequence()).isBetween(1202L, 1203L);
            Cursor cursor = journal.open("cloud", StreamSelection.ALL);
            List<JournalRecord> read = new ArrayList<>();
            Rig.await("the ledger to tell the holes", () -> {
                try {
                    read.addAll(cursor.read(100));
                } catch (JournalException e) {
                    assertThat(e).hasMessageContaining("bad sector");
                }
                return Rig.ledger(read).equals(Rig.holes(read)) && !Rig.ledger(read).isEmpty();
            });
        }
    }
}
