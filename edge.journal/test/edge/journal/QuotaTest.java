// SPDX-License-Identifier: Apache-2.0
package edge.journal;

import static org.assertj.core.api.Assertions.assertThat;

import edge.api.health.HealthReport;
import edge.api.journal.Cursor;
import edge.api.journal.JournalException;
import edge.api.journal.JournalRecord;
import edge.api.journal.StreamSelection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class QuotaTest {

    private static final Settings SETTINGS = Rig.settings(64 * Rig.KB, 512 * Rig.KB, SyncPolicy.EACH);

    /** Appends until the journal refuses; returns the refusal. */
    private static JournalException fill(SegmentedJournal journal) throws Exception {
        for (int i = 0; i < 2000; i++) {
            try {
                Rig.append(journal, Rig.ALARMS, i + "x".repeat(1000));
            } catch (ExecutionException e) {
                return (JournalException) e.getCause();
            }
        }
        throw new AssertionError("it never refused");
    }

    @Test
    void delivered_records_stay_until_the_quota_and_then_the_oldest_segments_go() throws Exception {
        MemoryStorage disk = new MemoryStorage();
        try (SegmentedJournal journal = Rig.open(disk, SETTINGS)) {
            for (int i = 0; i < 300; i++) {
                Rig.append(journal, Rig.ALARMS, i + "x".repeat(1000));
            }
            assertThat(Rig.drain(journal.open("history", StreamSelection.ALL))).hasSize(300);
            assertThat(journal.remove("nobody")).isFalse();
        }
        try (SegmentedJournal journal = Rig.open(disk, SETTINGS)) {
            journal.remove("history");
            for (int i = 300; i < 3000; i++) {
                Rig.append(journal, Rig.ALARMS, i + "x".repeat(1000));
            }
            assertThat(journal.status().bytes()).isLessThanOrEqualTo(512 * Rig.KB).isGreaterThan(300 * Rig.KB);
            List<JournalRecord> read = Rig.drain(journal.open("new", StreamSelection.ALL));
            // One more than records: the removed cursor had passed none, and that is in the ledger.
            assertThat(read.get(read.size() - 1).key().sequence()).isEqualTo(3001);
            assertThat(read.get(0).key().sequence()).isGreaterThan(2400);
            assertThat(read).hasSize((int) (3002 - read.get(0).key().sequence()));
            assertThat(journal.status().lost()).containsEntry(JournalRecord.Loss.REMOVED, 300L);
            assertThat(journal.health().status()).isNotEqualTo(HealthReport.Status.CRITICAL);
        }
    }

    @Test
    void a_slow_cursor_makes_it_refuse_by_name_and_its_progress_heals_it() throws Exception {
        MemoryStorage disk = new MemoryStorage();
        try (SegmentedJournal journal = Rig.open(disk, SETTINGS)) {
            Cursor slow = journal.open("slow-cloud", StreamSelection.ALL);
            JournalException refusal = fill(journal);
            assertThat(refusal.kind()).isEqualTo(JournalException.Kind.FULL);
            assertThat(refusal).hasMessageContaining("quota").hasMessageContaining("'slow-cloud'")
                .hasMessageContaining("quotaMegabytes");
            HealthReport health = journal.health();
            assertThat(health.status()).isEqualTo(HealthReport.Status.CRITICAL);
            assertThat(health.remedy()).contains("quotaMegabytes");
            assertThat(journal.status().bytes()).isLessThanOrEqualTo(512 * Rig.KB);
            long refused = journal.status().refused();
            assertThat(refused).isPositive();

            List<JournalRecord> read = Rig.drain(slow);
            slow.acknowledge(read.get(read.size() * 3 / 4).position());
            Rig.await("the journal to take records again", () -> journal.status().lastError().isEmpty());
            assertThat(Rig.append(journal, Rig.ALARMS, "after").sequence())
                .isEqualTo(read.get(read.size() - 1).key().sequence() + 1);
            slow.rewind();
            assertThat(Rig.drain(slow)).hasSize(read.size() - read.size() * 3 / 4);
        }
    }

    @Test
    void when_most_of_the_quota_waits_for_one_cursor_somebody_is_told_before_it_is_full() throws Exception {
        MemoryStorage disk = new MemoryStorage();
        Settings wide = Rig.settings(64 * Rig.KB, 1024 * Rig.KB, SyncPolicy.EACH);
        try (SegmentedJournal journal = Rig.open(disk, wide)) {
            journal.open("slow-cloud", StreamSelection.ALL);
            for (int i = 0; i < 925; i++) {
                Rig.append(journal, Rig.ALARMS, i + "x".repeat(1000));
            }
            assertThat(journal.health().status()).isEqualTo(HealthReport.Status.WARN);
            assertThat(journal.health().reason()).contains("'slow-cloud'");
        }
    }

    @Test
    void a_rare_stream_does_not_keep_the_others_records_from_being_deleted() throws Exception {
        MemoryStorage disk = new MemoryStorage();
        try (SegmentedJournal journal = Rig.open(disk, SETTINGS)) {
            Cursor rare = journal.open("rare", new StreamSelection(List.of("device/*")));
            Rig.append(journal, Rig.BOILER, "once");
            List<JournalRecord> read = Rig.drain(rare);
            rare.acknowledge(read.get(0).position());
            long taken = 0;
            for (int round = 0; round < 40; round++) {
                for (int i = 0; i < 30; i++) {
                    try {
                        Rig.append(journal, Rig.ALARMS, i + "x".repeat(1000));
                        taken++;
                    } catch (ExecutionException e) {
                        // Its mark is kept within a second; until then the journal may be full.
                        Thread.sleep(50);
                    }
                }
                assertThat(Rig.drain(rare)).isEmpty();
            }
            assertThat(taken).isGreaterThan(700);
        }
    }
}
