// SPDX-License-Identifier: Apache-2.0
package edge.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import edge.api.journal.Cursor;
import edge.api.journal.JournalException;
import edge.api.journal.JournalRecord;
import edge.api.journal.StreamSelection;
import edge.api.message.Origin;
import edge.api.message.RawMessage;
import edge.api.message.RecordKey;
import edge.api.message.StreamId;
import edge.journal.disk.DiskStorage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {

    @TempDir
    Path folder;

    private SegmentedJournal journal;

    private SegmentedJournal start(Settings settings) {
        journal = Rig.open(new DiskStorage(folder, SegmentedJournal.FOLDERS), settings);
        return journal;
    }

    @AfterEach
    void stop() {
        if (journal != null) {
            journal.close();
        }
    }

    @Test
    void sequences_are_dense_from_1_in_each_stream_and_go_on_after_a_restart() throws Exception {
        start(Rig.settings());
        List<RecordKey> alarms = new ArrayList<>();
        List<RecordKey> boiler = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            alarms.add(Rig.append(journal, Rig.ALARMS, "a" + i));
            if (i % 3 == 0) {
                boiler.add(Rig.append(journal, Rig.BOILER, "b" + i));
            }
        }
        journal.close();
        start(Rig.settings());
        alarms.add(Rig.append(journal, Rig.ALARMS, "a500"));

        assertThat(alarms).extracting(RecordKey::sequence)
            .containsExactlyElementsOf(IntStream.rangeClosed(1, 501).mapToObj(Long::valueOf).toList());
        assertThat(boiler).extracting(RecordKey::sequence)
            .containsExactlyElementsOf(IntStream.rangeClosed(1, boiler.size()).mapToObj(Long::valueOf).toList());
        assertThat(alarms).extracting(RecordKey::epoch).containsOnly(alarms.get(0).epoch());
        assertThat(alarms.get(0).epoch()).isNotEqualTo(boiler.get(0).epoch());
        assertThat(alarms).extracting(RecordKey::gateway).containsOnly(Rig.GATEWAY);
    }

    @Test
    void a_cursor_reads_everything_in_order_over_many_segments() throws Exception {
        start(Rig.settings(8 * Rig.KB, 1024 * Rig.KB, SyncPolicy.EACH));
        List<String> written = new ArrayList<>();
        List<CompletableFuture<RecordKey>> pending = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            written.add("record " + i);
            pending.add(journal.append(Rig.ALARMS, Rig.raw("record " + i)).toCompletableFuture());
        }
        CompletableFuture.allOf(pending.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);

        Cursor cursor = journal.open("cloud", StreamSelection.ALL);
        List<JournalRecord> read = Rig.drain(cursor);

        assertThat(Rig.payloads(read)).isEqualTo(written);
        assertThat(read).extracting(JournalRecord::position).isSorted().doesNotHaveDuplicates();
        assertThat(read).extracting(record -> record.key().sequence()).isSorted().hasSize(2000);
        assertThat(journal.status().segments()).isGreaterThan(5);
    }

    @Test
    void what_was_not_acknowledged_comes_again_after_a_rewind_and_after_a_restart() throws Exception {
        start(Rig.settings());
        for (int i = 0; i < 10; i++) {
            Rig.append(journal, Rig.ALARMS, "r" + i);
        }
        Cursor cursor = journal.open("cloud", StreamSelection.ALL);
        List<JournalRecord> first = cursor.read(6);
        cursor.acknowledge(first.get(3).position());
        cursor.rewind();
        assertThat(Rig.payloads(cursor.read(3))).containsExactly("r4", "r5", "r6");
        cursor.acknowledge(first.get(1).position());
        assertThat(Rig.payloads(Rig.drain(cursor))).containsExactly("r7", "r8", "r9");
        journal.close();

        start(Rig.settings());
        Cursor again = journal.open("cloud", StreamSelection.ALL);
        assertThat(Rig.payloads(Rig.drain(again))).containsExactly("r4", "r5", "r6", "r7", "r8", "r9");
    }

    @Test
    void a_cursor_gives_only_the_selected_streams_and_does_not_hold_on_to_others() throws Exception {
        start(Rig.settings());
        Cursor cursor = journal.open("alarms-only", new StreamSelection(List.of("ingest/al*")));
        for (int i = 0; i < 100; i++) {
            Rig.append(journal, i % 10 == 0 ? Rig.ALARMS : Rig.BOILER, "r" + i);
        }
        List<JournalRecord> read = Rig.drain(cursor);
        assertThat(read).hasSize(10).allMatch(record -> record.key().stream().equals(Rig.ALARMS));
        assertThat(cursor.backlog().records()).isEqualTo(10);
        cursor.acknowledge(read.get(9).position());
        assertThat(cursor.backlog().records()).isZero();
        assertThat(((LogCursor) cursor).ranges().get(0).mark()).isGreaterThan(read.get(9).position());
    }

    @Test
    void the_backlog_is_exact_while_reading_acknowledging_and_after_a_restart() throws Exception {
        Settings settings = Rig.settings(8 * Rig.KB, 1024 * Rig.KB, SyncPolicy.EACH);
        start(settings);
        Cursor cursor = journal.open("cloud", StreamSelection.ALL);
        for (int i = 0; i < 600; i++) {
            Rig.append(journal, i % 2 == 0 ? Rig.ALARMS : Rig.BOILER, "r" + i);
        }
        assertThat(cursor.backlog().records()).isEqualTo(600);
        long left = 600;
        for (List<JournalRecord> some = cursor.read(70); left > 250; some = cursor.read(70)) {
            assertThat(cursor.backlog().records()).isEqualTo(left);
            cursor.acknowledge(some.get(some.size() - 1).position());
            left -= some.size();
            assertThat(cursor.backlog().records()).isEqualTo(left);
        }
        assertThat(cursor.backlog().bytes()).isPositive();
        journal.close();

        start(settings);
        Cursor again = journal.open("cloud", StreamSelection.ALL);
        assertThat(again.backlog().records()).isEqualTo(left);
        Cursor alarms = journal.open("alarms", new StreamSelection(List.of("ingest/*")));
        assertThat(alarms.backlog().records()).isEqualTo(300);
    }

    @Test
    void whoever_waits_is_woken_once_when_there_is_something_new() throws Exception {
        start(Rig.settings());
        Cursor cursor = journal.open("cloud", StreamSelection.ALL);
        assertThat(cursor.read(10)).isEmpty();
        CountDownLatch woken = new CountDownLatch(1);
        StringBuilder threads = new StringBuilder();
        cursor.whenAvailable(() -> {
            threads.append(Thread.currentThread().getName()).append(' ');
            woken.countDown();
        });
        Rig.append(journal, Rig.ALARMS, "one");
        assertThat(woken.await(60, TimeUnit.SECONDS)).isTrue();
        Rig.append(journal, Rig.ALARMS, "two");
        assertThat(Rig.payloads(Rig.drain(cursor))).containsExactly("one", "two");
        assertThat(threads.toString()).isEqualTo("edge-journal ");

        CountDownLatch atOnce = new CountDownLatch(1);
        cursor.rewind();
        cursor.whenAvailable(atOnce::countDown);
        assertThat(atOnce.await(60, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void a_cursors_name_is_opened_once_and_forgotten_only_when_closed() throws Exception {
        start(Rig.settings());
        Rig.append(journal, Rig.ALARMS, "one");
        Cursor cursor = journal.open("cloud", StreamSelection.ALL);
        assertThatIllegalStateException().isThrownBy(() -> journal.open("cloud", StreamSelection.ALL));
        assertThatIllegalStateException().isThrownBy(() -> journal.remove("cloud"));
        Rig.drain(cursor).forEach(record -> cursor.acknowledge(record.position()));
        cursor.close();
        cursor.close();
        assertThatExceptionOfType(JournalException.class).isThrownBy(() -> cursor.read(1));

        assertThat(Rig.drain(journal.open("cloud", StreamSelection.ALL))).isEmpty();
        assertThat(journal.remove("nobody")).isFalse();
        journal.open("other", StreamSelection.ALL).close();
        assertThat(journal.remove("other")).isTrue();
        assertThat(journal.remove("other")).isFalse();
    }

    @Test
    void a_record_that_is_too_large_is_refused_and_leaves_no_hole() throws Exception {
        start(Rig.settings());
        Rig.append(journal, Rig.ALARMS, "one");
        assertThat(Rig.refusal(journal, Rig.ALARMS, "x".repeat(300 * 1024)).kind()).isEqualTo(JournalException.Kind.OVERSIZE);
        assertThat(Rig.refusal(journal, Rig.ALARMS, "x".repeat(256 * 1024)).kind()).isEqualTo(JournalException.Kind.OVERSIZE);
        assertThat(Rig.append(journal, Rig.ALARMS, "two").sequence()).isEqualTo(2);
        assertThat(Rig.payloads(Rig.drain(journal.open("cloud", StreamSelection.ALL)))).containsExactly("one", "two");
    }

    @Test
    void after_it_is_closed_appends_say_so_and_nothing_is_left_running() throws Exception {
        start(Rig.settings());
        StreamId stream = Rig.ALARMS;
        CompletableFuture<RecordKey> last = null;
        for (int i = 0; i < 1000; i++) {
            last = journal.append(stream, Rig.raw("r" + i)).toCompletableFuture();
        }
        journal.close();
        assertThat(last).isCompleted();
        assertThat(Rig.refusal(journal, stream, "late").kind()).isEqualTo(JournalException.Kind.CLOSED);
        // A thread is done with everything a moment before it is gone.
        Rig.await("the threads to end", () -> Thread.getAllStackTraces().keySet().stream()
            .noneMatch(thread -> thread.getName().startsWith("edge-journal")));
    }

    @Test
    void a_folder_that_is_in_use_is_refused_and_taken_when_it_is_free() throws Exception {
        start(Rig.settings());
        Rig.append(journal, Rig.ALARMS, "one");
        try (SegmentedJournal second = Rig.open(new DiskStorage(folder, SegmentedJournal.FOLDERS), Rig.settings())) {
            assertThat(Rig.refusal(second, Rig.ALARMS, "two")).hasMessageContaining("another journal of this process uses it");
            journal.close();
            Rig.await("the second journal to open", () -> second.status().lastError().isEmpty());
            assertThat(Rig.append(second, Rig.ALARMS, "two").sequence()).isEqualTo(2);
        }
    }

    @Test
    void a_folder_that_cannot_be_made_is_named_with_the_reason_and_the_remedy() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "no folder");
        journal = Rig.open(new DiskStorage(file.resolve("journal"), SegmentedJournal.FOLDERS), Rig.settings());

        assertThat(Rig.refusal(journal, Rig.ALARMS, "one")).hasMessageContaining(file + "/journal cannot be used")
            .hasMessageContaining("Make it a folder that the gateway may write to");
        assertThat(journal.health().reason()).contains(file.toString());

        Files.delete(file);
        Rig.await("the journal to open", () -> journal.status().lastError().isEmpty());
        assertThat(Rig.append(journal, Rig.ALARMS, "two").sequence()).isEqualTo(1);
    }

    @Test
    void a_reader_that_interrupts_the_writer_or_throws_does_no_harm() throws Exception {
        start(Rig.settings());
        Cursor cursor = journal.open("cloud", StreamSelection.ALL);
        Thread test = Thread.currentThread();
        // What is complete already runs on the thread of the test, which is not meant.
        Runnable interrupt = () -> {
            if (Thread.currentThread() != test) {
                Thread.currentThread().interrupt();
            }
        };
        for (int i = 0; i < 20; i++) {
            cursor.whenAvailable(() -> {
                interrupt.run();
                throw new IllegalStateException("a reader's own fault");
            });
            journal.append(Rig.ALARMS, Rig.raw("r" + i)).thenRun(interrupt)
                .toCompletableFuture().get(60, TimeUnit.SECONDS);
            Rig.append(journal, Rig.ALARMS, "s" + i);
            Thread.interrupted();
            Rig.drain(cursor);
        }
        assertThat(journal.status().lastError()).isEmpty();
        assertThat(journal.status().segments()).isEqualTo(1);
    }

    @Test
    void records_are_fetched_by_their_positions_and_what_is_gone_is_left_out() throws Exception {
        start(Rig.settings());
        assertThat(journal.end()).isZero();
        for (int i = 0; i < 2_000; i++) {
            Rig.append(journal, i % 2 == 0 ? Rig.ALARMS : Rig.BOILER, "r".repeat(100) + i);
        }
        List<JournalRecord> all = new ArrayList<>();
        try (Cursor cursor = journal.open("all", StreamSelection.ALL)) {
            while (all.size() < 2_000) {
                all.addAll(cursor.read(500));
            }
        }
        assertThat(journal.status().segments()).isGreaterThan(1);
        assertThat(journal.end()).isGreaterThanOrEqualTo(all.get(1_999).position());
        List<JournalRecord> some = IntStream.range(0, 2_000).filter(i -> i % 7 == 0).mapToObj(all::get).toList();
        List<Long> positions = some.stream().map(JournalRecord::position).toList();
        assertThat(texts(journal.fetch(positions))).isEqualTo(texts(some));
        assertThat(texts(journal.fetch(positions.subList(0, 3)))).isEqualTo(texts(some.subList(0, 3)));
        assertThat(journal.fetch(List.of(1L, positions.get(0) + 1, journal.end() + 1))).isEmpty();
    }

    private static List<String> texts(List<JournalRecord> records) {
        return records.stream().map(each -> each.key() + " " + new String(
            ((RawMessage) ((JournalRecord.Stored) each).message()).payload(), StandardCharsets.UTF_8))
            .toList();
    }

    @Test
    void what_a_client_sent_with_a_message_is_kept_with_it() throws Exception {
        start(Rig.settings());
        Origin origin = new Origin("plc-7", 65_535, new byte[] {1, 1, 38, 0, 1, 'a', 0, 0});
        journal.append(StreamId.local("sessions"), new RawMessage("cmd/a", new byte[0], 2, false,
            Rig.CLOCK.now(), Rig.CALLER, origin)).toCompletableFuture().get();
        journal.close();
        start(Rig.settings());
        try (Cursor everything = journal.open("uplink", StreamSelection.ALL);
             Cursor local = journal.open("local", new StreamSelection(List.of("local/*")))) {
            assertThat(everything.read(10)).as("what sessions wait for leaves the gateway").isEmpty();
            JournalRecord.Stored stored = (JournalRecord.Stored) local.read(10).get(0);
            Origin read = ((RawMessage) stored.message()).origin();
            assertThat(read.clientId()).isEqualTo("plc-7");
            assertThat(read.packetId()).isEqualTo(65_535);
            assertThat(read.properties()).isEqualTo(origin.properties());
        }
    }
}
