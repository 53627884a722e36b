// SPDX-License-Identifier: Apache-2.0
package edge.journal;

import static org.assertj.core.api.Assertions.assertThat;

import edge.api.health.HealthReport;
import edge.api.journal.Cursor;
import edge.api.journal.JournalException;
import edge.api.journal.JournalRecord;
import edge.api.journal.JournalRecord.Loss;
import edge.api.journal.StreamSelection;
import edge.api.message.RawMessage;
import edge.api.message.RecordKey;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A disk whose syncs take as long as the test likes. */
class SlowDiskTest {

    private static final int QUEUE = 200;
    private static final Settings BASE = Rig.settings();
    private static final Settings SETTINGS = new Settings(BASE.segmentBytes(), BASE.quotaBytes(), SyncPolicy.EACH, BASE.interval(),
        1000, QUEUE, 1 << 20, BASE.recordBytes(), BASE.retry(), BASE.rules());

    /** How many syncs may pass. */
    private final Semaphore syncs = new Semaphore(0);

    private MemoryStorage slow() {
        MemoryStorage disk = new MemoryStorage();
        disk.beforeSync(name -> {
            if (name.endsWith(".seg")) {
                syncs.acquireUninterruptibly();
            }
        });
        return disk;
    }

    private static RawMessage unpromised(int number) {
        return new RawMessage("plant/live", Integer.toString(number).getBytes(java.nio.charset.StandardCharsets.UTF_8), 0, false,
            Rig.CLOCK.now(), Rig.CALLER);
    }

    @Test
    @Timeout(300)
    void what_waits_is_bounded_the_rest_is_refused_and_told_and_readers_go_on() throws Exception {
        MemoryStorage disk = slow();
        syncs.release(1);
        try (SegmentedJournal journal = Rig.open(disk, SETTINGS)) {
            Cursor cursor = journal.open("cloud", StreamSelection.ALL);
            Rig.append(journal, Rig.BOILER, "before");
            List<CompletableFuture<RecordKey>> appends = new ArrayList<>();
            for (int i = 0; i < 5 * QUEUE; i++) {
                appends.add(journal.append(Rig.ALARMS, unpromised(i)).toCompletableFuture());
            }
            // The sync hangs: nothing is acknowledged, and what exceeds the queue is refused at once.
            assertThat(appends.subList(0, QUEUE)).noneMatch(CompletableFuture::isDone);
            assertThat(appends.subList(QUEUE, 5 * QUEUE)).allMatch(CompletableFuture::isCompletedExceptionally);
            assertThat(refusal(appends.get(QUEUE)).kind()).isEqualTo(JournalException.Kind.OVERLOADED);
            // Meanwhile what is there can be read.
            List<JournalRecord> read = new ArrayList<>(Rig.drain(cursor));
            assertThat(Rig.payloads(read)).containsExactly("before");
            assertThat(journal.health().status()).as("told to people").isEqualTo(HealthReport.Status.WARN);
            assertThat(journal.health().reason()).contains("wait").contains("disk");

            syncs.release(1_000_000);
            for (CompletableFuture<RecordKey> append : appends.subList(0, QUEUE)) {
                append.get(60, TimeUnit.SECONDS);
            }
            Rig.await("the ledger to tell the refused", () -> journal.status().lost().getOrDefault(Loss.FAILED, 0L) == 4 * QUEUE);
            Rig.append(journal, Rig.ALARMS, "after");
            read.addAll(Rig.drain(cursor));
            Rig.assertAccounted(List.of(), read);
            assertThat(Rig.ledger(read)).hasSize(4 * QUEUE);
            Rig.await("health", () -> journal.health().status() == HealthReport.Status.OK);
        } finally {
            syncs.release(1_000_000);
        }
    }

    private static JournalException refusal(CompletableFuture<RecordKey> append) throws Exception {
        try {
            throw new AssertionError("was taken as " + append.get(60, TimeUnit.SECONDS));
        } catch (ExecutionException e) {
            return (JournalException) e.getCause();
        }
    }
}
