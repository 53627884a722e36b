// SPDX-License-Identifier: Apache-2.0
package edge.journal;

import static org.assertj.core.api.Assertions.assertThat;

import edge.api.journal.Cursor;
import edge.api.journal.JournalRecord;
import edge.api.journal.StreamSelection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The marks on disk: how old they may be after a kill, and what damage may do to them. */
class MarksTest {

    private static final int RECORDS = 3000;

    /** A position and when it was acknowledged. */
    private record Acknowledged(long position, long nanos) {
    }

    @Test
    void after_a_kill_no_more_comes_again_than_was_acknowledged_within_one_mark_interval() throws Exception {
        MemoryStorage disk = new MemoryStorage();
        Settings settings = Rig.settings();
        long interval = settings.markInterval().toNanos();
        assertThat(interval).isEqualTo(Duration.ofMillis(200).toNanos());
        List<Acknowledged> done = new ArrayList<>();
        Random random = new Random(11);
        try (SegmentedJournal journal = Rig.open(disk, settings); Cursor cursor = journal.open("cloud", StreamSelection.ALL)) {
            for (int i = 0; i < RECORDS; i++) {
                journal.append(Rig.ALARMS, Rig.raw("payload " + i));
            }
            Rig.append(journal, Rig.ALARMS, "last");
            int kills = 0;
            long longestPause = 0;
            while (done.size() < 1200) {
                List<JournalRecord> read = cursor.read(1);
                long turn = System.nanoTime();
                done.add(new Acknowledged(read.get(0).position(), turn));
                cursor.acknowledge(read.get(0).position());
                Thread.sleep(0, 300_000);
                longestPause = Math.max(longestPause, System.nanoTime() - turn);
                if (random.nextInt(40) == 0) {
                    long now = System.nanoTime();
                    long kept = kept(disk.copy());
                    kills++;
                    // Half an interval for a thread that does not get its turn; more where this one did not get it either.
                    long most = interval * 3 / 2 + 10 * longestPause;
                    long again = done.stream().filter(each -> each.position() > kept).count();
                    long recent = done.stream().filter(each -> now - each.nanos() < most).count();
                    assertThat(again).as("records that come again after kill %d", kills).isLessThanOrEqualTo(recent);
                }
            }
            assertThat(kills).isGreaterThan(10);
        }
    }

    @Test
    void the_first_acknowledgement_of_a_run_is_kept_at_once() throws Exception {
        MemoryStorage disk = new MemoryStorage();
        Settings slow = Rig.settings(64 * Rig.KB, 1024 * Rig.KB, SyncPolicy.INTERVAL);
        Settings settings = new Settings(slow.segmentBytes(), slow.quotaBytes(), slow.sync(), Duration.ofSeconds(60), 1, 1000,
            1 << 20, slow.recordBytes(), slow.retry(), slow.rules());
        assertThat(settings.markInterval()).isEqualTo(Duration.ofSeconds(60));
        try (SegmentedJournal journal = Rig.open(disk, settings); Cursor cursor = journal.open("cloud", StreamSelection.ALL)) {
            Rig.append(journal, Rig.ALARMS, "first");
            Rig.append(journal, Rig.ALARMS, "second");
            List<JournalRecord> read = cursor.read(1);
            cursor.acknowledge(read.get(0).position());
            long wanted = read.get(0).position();
            Rig.await("the mark on disk", () -> kept(disk.copy()) >= wanted);
        }
    }

    private static long kept(MemoryStorage storage) throws Exception {
        Marks marks = new Marks(storage, new Reserve(storage));
        marks.load();
        return marks.get("cloud").orElseThrow().mark();
    }

    @Test
    void keeping_a_mark_changes_no_name_and_no_size() throws Exception {
        MemoryStorage disk = new MemoryStorage();
        Marks marks = new Marks(disk, new Reserve(disk));
        marks.load();
        marks.store(Map.of("cloud", Place.behind(StreamSelection.ALL, 1)));
        int size = disk.content(Marks.NAME).length;
        int steps = disk.steps();
        for (int i = 2; i < 50; i++) {
            marks.store(Map.of("cloud", Place.behind(StreamSelection.ALL, i)));
            assertThat(kept(disk.copy())).isEqualTo(i);
        }
        marks.store(Map.of("cloud", Place.behind(StreamSelection.ALL, 49)));
        assertThat(disk.steps() - steps).as("one write and one sync each").isEqualTo(2 * 48);
        assertThat(disk.content(Marks.NAME)).hasSize(size);
    }

    @Test
    void a_slot_that_is_damaged_anywhere_leaves_the_mark_before() throws Exception {
        MemoryStorage disk = new MemoryStorage();
        Marks marks = new Marks(disk, new Reserve(disk));
        marks.load();
        marks.store(Map.of("cloud", Place.behind(StreamSelection.ALL, 1000)));
        marks.store(Map.of("cloud", Place.behind(StreamSelection.ALL, 2000)));
        byte[] sound = disk.content(Marks.NAME);
        int flipped = 0;
        for (int at = 0; at < sound.length; at++) {
            byte[] bytes = sound.clone();
            bytes[at] ^= (byte) (1 << at % 8);
            MemoryStorage changed = disk.copy();
            changed.put(Marks.NAME, bytes);
            long kept = kept(changed);
            assertThat(kept).as("byte %d", at).isIn(1000L, 2000L);
            flipped += kept == 1000 ? 1 : 0;
        }
        assertThat(flipped).isPositive();
    }

    @Test
    void many_places_make_the_file_grow_and_are_all_there_again() throws Exception {
        MemoryStorage disk = new MemoryStorage();
        Marks marks = new Marks(disk, new Reserve(disk));
        marks.load();
        for (int i = 0; i < 500; i++) {
            marks.store(Map.of("uplink-with-a-rather-long-name-" + i, Place.behind(StreamSelection.ALL, i)));
        }
        marks.raise(Map.of(Rig.ALARMS, 77L));
        assertThat(marks.remove("uplink-with-a-rather-long-name-3")).isTrue();
        Marks again = new Marks(disk, new Reserve(disk));
        again.load();
        assertThat(again.all()).hasSize(499);
        assertThat(again.get("uplink-with-a-rather-long-name-444")).contains(Place.behind(StreamSelection.ALL, 444));
        assertThat(again.floor(Rig.ALARMS)).isEqualTo(77);
        assertThat(again.floor(Rig.BOILER)).isZero();
    }
}
