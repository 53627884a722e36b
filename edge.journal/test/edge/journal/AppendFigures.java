// SPDX-License-Identifier: Apache-2.0
package edge.journal;

import edge.api.access.Caller;
import edge.api.gateway.Moment;
import edge.api.journal.Cursor;
import edge.api.journal.JournalRecord;
import edge.api.journal.StreamSelection;
import edge.api.message.RawMessage;
import edge.api.message.RecordKey;
import edge.journal.disk.DiskStorage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;

/** Measures one way of appending: {@code AppendFigures FOLDER POLICY RECORDS SIZE IN_FLIGHT}. Not a test. */
final class AppendFigures {

    private AppendFigures() {
    }

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        SyncPolicy policy = SyncPolicy.valueOf(arguments[1]);
        int records = Integer.parseInt(arguments[2]);
        byte[] payload = new byte[Integer.parseInt(arguments[3])];
        int inFlight = Integer.parseInt(arguments[4]);
        long pace = arguments.length > 5 ? Long.parseLong(arguments[5]) : 0;
        for (int round = 0; round < (records < 10_000 ? 2 : 3); round++) {
            Path place = folder.resolve("figures-" + round);
            measure(place, policy, records, payload, inFlight, pace);
            try (Stream<Path> files = Files.walk(place)) {
                files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
            }
        }
    }

    private static void measure(Path place, SyncPolicy policy, int records, byte[] payload, int inFlight, long pace)
            throws Exception {
        Settings settings = Settings.of(16, 2048, policy, Duration.ofMillis(policy == SyncPolicy.INTERVAL && pace > 0 ? 1000 : 10));
        try (SegmentedJournal journal = Rig.open(new DiskStorage(place, SegmentedJournal.FOLDERS), settings)) {
            Rig.append(journal, Rig.ALARMS, "warm");
            Semaphore free = new Semaphore(inFlight);
            Caller caller = Rig.CALLER;
            long syncs = journal.status().syncs();
            long bytes = journal.status().bytes();
            long began = System.nanoTime();
            for (int i = 0; i < records; i++) {
                if (pace > 0) {
                    Thread.sleep(0, 1);
                    while (System.nanoTime() - began < i * pace) {
                        Thread.sleep(1);
                    }
                }
                free.acquire();
                Moment now = Rig.CLOCK.now();
                CompletionStage<RecordKey> append = journal.append(Rig.ALARMS,
                    new RawMessage("plant/line/1/alarms", payload, 1, false, now, caller));
                append.whenComplete((key, failure) -> {
                    if (failure != null) {
                        failure.printStackTrace();
                    }
                    free.release();
                });
            }
            free.acquire(inFlight);
            double seconds = (System.nanoTime() - began) / 1e9;
            long grown = journal.status().bytes() - bytes;
            System.out.printf("%s in flight %d: %.0f records/s, %d syncs, %.3f file bytes per record byte%n", policy, inFlight,
                records / seconds, journal.status().syncs() - syncs,
                (double) grown / records / (payload.length + "plant/line/1/alarms".length()));
            began = System.nanoTime();
            int read = 0;
            try (Cursor cursor = journal.open("figures", StreamSelection.ALL)) {
                for (List<JournalRecord> some = cursor.read(500); !some.isEmpty(); some = cursor.read(500)) {
                    read += some.size();
                    cursor.acknowledge(some.get(some.size() - 1).position());
                }
            }
            System.out.printf("   drained %.0f records/s%n", read / ((System.nanoTime() - began) / 1e9));
        }
    }
}
