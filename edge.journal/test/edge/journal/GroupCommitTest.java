// SPDX-License-Identifier: Apache-2.0
package edge.journal;

import static org.assertj.core.api.Assertions.assertThat;

import edge.api.journal.Cursor;
import edge.api.journal.StreamSelection;
import edge.api.message.RecordKey;
import edge.journal.MemoryStorage.Call;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class GroupCommitTest {

    private static Settings settings(SyncPolicy sync, Duration interval, int group) {
        return new Settings(1 << 20, 1 << 26, sync, interval, group, 20_000, 8 << 20, 1 << 18, Duration.ofMillis(20), StreamRules.of(StreamRules.WhenFull.REFUSE));
    }

    @Test
    void while_one_sync_runs_the_appends_gather_and_share_the_next() throws Exception {
        MemoryStorage disk = new MemoryStorage();
        CyclicBarrier barrier = new CyclicBarrier(2);
        boolean[] hold = {true};
        disk.fault((call, kind, name) -> {
            if (hold[0] && kind == Call.SYNC && name.endsWith(".seg")) {
                hold[0] = false;
                try {
                    barrier.await(60, TimeUnit.SECONDS);
                    barrier.await(60, TimeUnit.SECONDS);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
            return null;
        });
        try (SegmentedJournal journal = Rig.open(disk, settings(SyncPolicy.EACH, Duration.ofMillis(10), 1000))) {
            CompletableFuture<RecordKey> first = journal.append(Rig.ALARMS, Rig.raw("first")).toCompletableFuture();
            barrier.await(60, TimeUnit.SECONDS);
            List<CompletableFuture<RecordKey>> rest = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                rest.add(journal.append(Rig.ALARMS, Rig.raw("r" + i)).toCompletableFuture());
            }
            assertThat(first).isNotDone();
            barrier.await(60, TimeUnit.SECONDS);
            assertThat(rest.get(499).get(60, TimeUnit.SECONDS).sequence()).isEqualTo(501);
            assertThat(first).isCompleted();
            assertThat(journal.status().syncs()).isEqualTo(2);
            assertThat(journal.status().appended()).isEqualTo(501);
        }
    }

    @Test
    void with_an_interval_nothing_is_acknowledged_before_its_sync_and_many_share_one() throws Exception {
        MemoryStorage disk = new MemoryStorage();
        try (SegmentedJournal journal = Rig.open(disk, settings(SyncPolicy.INTERVAL, Duration.ofMillis(150), 1000))) {
            Rig.append(journal, Rig.ALARMS, "warm");
            long syncs = journal.status().syncs();
            Cursor cursor = journal.open("cloud", StreamSelection.ALL);
            Rig.drain(cursor);
            long began = System.nanoTime();
            CompletableFuture<RecordKey> first = journal.append(Rig.ALARMS, Rig.raw("first")).toCompletableFuture();
            CompletableFuture<RecordKey> last = first;
            for (int i = 0; i < 200; i++) {
                last = journal.append(Rig.ALARMS, Rig.raw("r" + i)).toCompletableFuture();
            }
            boolean early = first.isDone();
            boolean read = !cursor.read(10).isEmpty();
            long looked = System.nanoTime() - began;
            last.get(60, TimeUnit.SECONDS);
            long took = System.nanoTime() - began;
            if (looked < TimeUnit.MILLISECONDS.toNanos(100)) {
                assertThat(early).as("acknowledged before the interval was over").isFalse();
                assertThat(read).as("readable before it was synced").isFalse();
            }
            assertThat(took).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(140));
            // A machine that stops for a while between two appends lets one interval more pass.
            assertThat(journal.status().syncs() - syncs).isBetween(1L, 1 + took / TimeUnit.MILLISECONDS.toNanos(150));
        }
    }

    @Test
    void a_full_group_does_not_wait_for_the_interval() throws Exception {
        MemoryStorage disk = new MemoryStorage();
        try (SegmentedJournal journal = Rig.open(disk, settings(SyncPolicy.INTERVAL, Duration.ofSeconds(60), 100))) {
            CompletableFuture<RecordKey> last = null;
            for (int i = 0; i < 1000; i++) {
                last = journal.append(Rig.ALARMS, Rig.raw("r" + i)).toCompletableFuture();
            }
            assertThat(last.get(60, TimeUnit.SECONDS).sequence()).isEqualTo(1000);
            assertThat(journal.status().syncs()).isBetween(1L, 10L);
        }
    }

    @Test
    void appends_complete_in_order_on_the_writers_thread() throws Exception {
        MemoryStorage disk = new MemoryStorage();
        List<Long> onWriter = Collections.synchronizedList(new ArrayList<>());
        try (SegmentedJournal journal = Rig.open(disk, settings(SyncPolicy.EACH, Duration.ofMillis(10), 1000))) {
            CompletableFuture<?> last = null;
            for (int i = 0; i < 3000; i++) {
                last = journal.append(Rig.ALARMS, Rig.raw("r" + i)).toCompletableFuture().thenAccept(key -> {
                    // One that came too late runs where it was added.
                    if (Thread.currentThread().getName().equals("edge-journal")) {
                        onWriter.add(key.sequence());
                    }
                });
            }
            last.get(60, TimeUnit.SECONDS);
        }
        assertThat(onWriter).isNotEmpty().isSorted().doesNotHaveDuplicates();
    }

    @Test
    void left_to_the_operating_system_nothing_is_synced_before_the_end() throws Exception {
        MemoryStorage disk = new MemoryStorage();
        SegmentedJournal journal = Rig.open(disk, settings(SyncPolicy.OS, Duration.ofMillis(10), 1000));
        RecordKey key = Rig.append(journal, Rig.ALARMS, "one");
        assertThat(journal.status().syncs()).isZero();
        journal.close();
        assertThat(journal.status().syncs()).isEqualTo(1);
        // Stopped cleanly: the epoch goes on.
        try (SegmentedJournal again = Rig.open(disk, settings(SyncPolicy.OS, Duration.ofMillis(10), 1000))) {
            RecordKey next = Rig.append(again, Rig.ALARMS, "two");
            assertThat(next.epoch()).isEqualTo(key.epoch());
            assertThat(next.sequence()).isEqualTo(2);
        }
    }
}
