// SPDX-License-Identifier: Apache-2.0
package edge.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import edge.api.journal.Cursor;
import edge.api.journal.JournalException;
import edge.api.journal.JournalRecord;
import edge.api.journal.Lanes;
import edge.api.journal.StreamSelection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LanesTest {

    private final MemoryStorage disk = new MemoryStorage();

    private static void append(SegmentedJournal journal, int from, int to) throws Exception {
        for (int i = from; i < to; i++) {
            Rig.append(journal, Rig.ALARMS, Integer.toString(i));
        }
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj(Integer::toString).toList();
    }

    private static void acknowledgeAll(Cursor cursor, List<JournalRecord> read) {
        cursor.acknowledge(read.get(read.size() - 1).position());
    }

    @Test
    void after_a_fork_the_live_lane_gives_what_is_new_and_the_backlog_the_rest() throws Exception {
        try (SegmentedJournal journal = Rig.open(disk, Rig.settings(4 * Rig.KB, 1024 * Rig.KB, SyncPolicy.EACH));
             Lanes lanes = journal.openLanes("cloud", StreamSelection.ALL)) {
            append(journal, 0, 200);
            List<JournalRecord> first = lanes.live().read(50);
            acknowledgeAll(lanes.live(), first);
            lanes.fork();
            assertThat(lanes.backlog().backlog().records()).isEqualTo(150);
            assertThat(lanes.live().backlog().records()).isZero();
            append(journal, 200, 230);
            assertThat(Rig.payloads(Rig.drain(lanes.live()))).isEqualTo(numbers(200, 230));
            List<JournalRecord> behind = Rig.drain(lanes.backlog());
            assertThat(Rig.payloads(behind)).isEqualTo(numbers(50, 200));
            assertThat(lanes.forkPoint()).isGreaterThanOrEqualTo(behind.get(149).position());
            acknowledgeAll(lanes.backlog(), behind);
            assertThat(lanes.backlog().backlog().records()).isZero();
            append(journal, 230, 240);
            assertThat(Rig.drain(lanes.backlog())).isEmpty();
            assertThat(Rig.payloads(Rig.drain(lanes.live()))).isEqualTo(numbers(230, 240));
        }
    }

    @Test
    void what_is_acknowledged_in_either_lane_stays_so_over_restarts_and_further_forks() throws Exception {
        Settings settings = Rig.settings(4 * Rig.KB, 1024 * Rig.KB, SyncPolicy.EACH);
        try (SegmentedJournal journal = Rig.open(disk, settings); Lanes lanes = journal.openLanes("cloud", StreamSelection.ALL)) {
            append(journal, 0, 100);
            lanes.fork();
            append(journal, 100, 150);
            acknowledgeAll(lanes.live(), lanes.live().read(20));
            acknowledgeAll(lanes.backlog(), lanes.backlog().read(30));
            lanes.fork();
            append(journal, 150, 160);
            acknowledgeAll(lanes.live(), lanes.live().read(5));
        }
        try (SegmentedJournal journal = Rig.open(disk, settings); Lanes lanes = journal.openLanes("cloud", StreamSelection.ALL)) {
            assertThat(lanes.backlog().backlog().records()).isEqualTo(70 + 30);
            assertThat(Rig.payloads(Rig.drain(lanes.live()))).isEqualTo(numbers(155, 160));
            List<String> behind = new ArrayList<>(numbers(30, 100));
            behind.addAll(numbers(120, 150));
            List<JournalRecord> read = Rig.drain(lanes.backlog());
            assertThat(Rig.payloads(read)).isEqualTo(behind);
            // Into the second range, and back.
            lanes.backlog().acknowledge(read.get(79).position());
            lanes.backlog().rewind();
            assertThat(Rig.payloads(Rig.drain(lanes.backlog()))).isEqualTo(numbers(130, 150));
            assertThat(lanes.backlog().backlog().records()).isEqualTo(20);
        }
        // One cursor begins where the first of the lanes has something to do.
        try (SegmentedJournal journal = Rig.open(disk, settings); Cursor cursor = journal.open("cloud", StreamSelection.ALL)) {
            assertThat(Rig.payloads(Rig.drain(cursor))).isEqualTo(numbers(130, 160));
            assertThatIllegalStateException().isThrownBy(() -> journal.openLanes("cloud", StreamSelection.ALL));
        }
    }

    @Test
    void a_fork_whose_marks_cannot_be_kept_changes_nothing() throws Exception {
        try (SegmentedJournal journal = Rig.open(disk, Rig.settings());
             Lanes lanes = journal.openLanes("cloud", StreamSelection.ALL)) {
            append(journal, 0, 10);
            disk.fault((call, kind, name) -> name.startsWith("marks") ? new IOException("Input/output error") : null);
            assertThatExceptionOfType(JournalException.class).isThrownBy(lanes::fork).withMessageContaining("Input/output");
            disk.fault(MemoryStorage.NONE);
            assertThat(Rig.payloads(Rig.drain(lanes.live()))).isEqualTo(numbers(0, 10));
            assertThat(Rig.drain(lanes.backlog())).isEmpty();
        }
    }

    @Test
    void a_drained_backlog_lane_is_woken_by_the_next_fork() throws Exception {
        try (SegmentedJournal journal = Rig.open(disk, Rig.settings());
             Lanes lanes = journal.openLanes("cloud", StreamSelection.ALL)) {
            boolean[] woken = new boolean[1];
            assertThat(lanes.backlog().read(1)).isEmpty();
            lanes.backlog().whenAvailable(() -> woken[0] = true);
            append(journal, 0, 3);
            assertThat(woken[0]).isFalse();
            lanes.fork();
            Rig.await("the backlog to be woken", () -> woken[0]);
        }
    }

    @Test
    void whatever_is_forked_acknowledged_and_killed_both_lanes_together_miss_nothing() throws Exception {
        Random random = new Random(4711);
        Settings settings = Rig.settings(3 * Rig.KB, 4096 * Rig.KB, SyncPolicy.EACH);
        MemoryStorage now = disk;
        TreeSet<Integer> acknowledged = new TreeSet<>();
        int appended = 0;
        for (int run = 0; run < 12; run++) {
            SegmentedJournal journal = Rig.open(now, settings);
            Lanes lanes = journal.openLanes("cloud", StreamSelection.ALL);
            for (int step = 0; step < 60; step++) {
                switch (random.nextInt(4)) {
                    case 0 -> lanes.fork();
                    case 1 -> {
                        append(journal, appended, appended + 9);
                        appended += 9;
                    }
                    default -> {
                        Cursor lane = random.nextBoolean() ? lanes.live() : lanes.backlog();
                        List<JournalRecord> read = lane.read(1 + random.nextInt(12));
                        if (!read.isEmpty()) {
                            int last = random.nextInt(read.size());
                            read.subList(0, last + 1).forEach(record -> acknowledged.add(Integer.valueOf(Rig.payload(record))));
                            lane.acknowledge(read.get(last).position());
                            lane.rewind();
                        }
                    }
                }
            }
            // Killed: whatever was not yet kept is done again.
            now = now.copy();
            journal.close();
        }
        try (SegmentedJournal journal = Rig.open(now, settings); Lanes lanes = journal.openLanes("cloud", StreamSelection.ALL)) {
            assertThat(lanes.backlog().backlog().records() + lanes.live().backlog().records())
                .isGreaterThanOrEqualTo(appended - acknowledged.size());
            List<JournalRecord> rest = Rig.drain(lanes.backlog());
            rest.addAll(Rig.drain(lanes.live()));
            rest.forEach(record -> acknowledged.add(Integer.valueOf(Rig.payload(record))));
        }
        assertThat(acknowledged).hasSize(appended);
    }
}
