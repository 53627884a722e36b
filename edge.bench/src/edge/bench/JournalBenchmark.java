// SPDX-License-Identifier: Apache-2.0
package edge.bench;

import edge.api.access.Caller;
import edge.api.gateway.ClockConfidence;
import edge.api.gateway.GatewayClock;
import edge.api.gateway.Moment;
import edge.api.journal.Cursor;
import edge.api.journal.StreamSelection;
import edge.api.message.RawMessage;
import edge.api.message.StreamId;
import edge.journal.SegmentedJournal;
import edge.test.support.Peers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/**
 * The journal with payloads of 200 bytes. Synced: one publisher that waits for each record to be on disk. Grouped: a sync for
 * at least 1,000 records, with all that wait by then, or 10 ms. Both beside a C program that writes as many bytes on the same disk
 * and syncs them as often. Amplification:
 * bytes to the device for each byte of topic and payload, grouped, and (quiet) with 100 records and one sync a second. Open: the
 * time until a reader has the first record of a backlog of a million.
 */
final class JournalBenchmark implements Benchmark {

    private static final int WARM_UP = 2000;
    private static final int RECORDS = 5000;
    private static final int PAYLOAD = 200;
    private static final int GROUPED = 1_000_000;
    private static final int IN_FLIGHT = 15_000;
    private static final int AMPLIFIED = 500_000;
    private static final String TOPIC = "plant/line/1/alarms";

    private static final class SystemClock implements GatewayClock {
        private final UUID boot = UUID.randomUUID();

        @Override
        public Moment now() {
            return new Moment(System.nanoTime(), Instant.now(), ClockConfidence.PLAUSIBLE);
        }

        @Override
        public UUID bootId() {
            return boot;
        }
    }

    @Override
    public List<String> names() {
        return List.of("journal.append.synced", "journal.append.grouped", "journal.amplification", "journal.amplification.quiet",
            "journal.open.million");
    }

    @Override
    public int rounds() {
        return 3;
    }

    @Override
    public List<Sample> measure(Bench bench) throws Exception {
        Path folder = bench.folder();
        double synced = ours(folder.resolve("journal"));
        double syncedC = c(bench, folder, RECORDS, 1);
        Grouped grouped = grouped(folder.resolve("grouped"));
        double groupedC = c(bench, folder, GROUPED, grouped.group());
        double open = open(folder.resolve("grouped"));
        double busy;
        double quiet;
        try (LoopDisk disk = new LoopDisk(folder, 700)) {
            busy = amplification(disk, 16, Duration.ofMillis(10), AMPLIFIED, 0);
            quiet = amplification(disk, 1, Duration.ofSeconds(1), 1000, 10);
        }
        return List.of(new Sample(synced, "records/s", "C", syncedC), new Sample(grouped.rate(), "records/s", "C", groupedC),
            Sample.alone(busy, "bytes/byte"), Sample.alone(quiet, "bytes/byte"), Sample.alone(open, "ms"));
    }

    /** @param group records in a sync, on average */
    private record Grouped(double rate, int group) {
    }

    /** Appends without waiting for each one, as many publishers together do. */
    private static Grouped grouped(Path folder) throws Exception {
        GatewayClock clock = new SystemClock();
        try (SegmentedJournal journal = SegmentedJournal.grouped(folder, 1024, 16, Duration.ofMillis(10), UUID.randomUUID(), clock)) {
            journal.open("cloud", StreamSelection.ALL).close();
            fill(journal, clock, GROUPED / 4);
            long syncs = journal.status().syncs();
            long start = System.nanoTime();
            fill(journal, clock, GROUPED);
            long took = System.nanoTime() - start;
            return new Grouped(GROUPED * 1e9 / took, (int) (GROUPED / (journal.status().syncs() - syncs)));
        }
    }

    private static void fill(SegmentedJournal journal, GatewayClock clock, int records) throws Exception {
        StreamId stream = StreamId.ingest("bench");
        Caller caller = Caller.system("bench");
        byte[] payload = new byte[PAYLOAD];
        Deque<CompletableFuture<?>> pending = new ArrayDeque<>();
        for (int i = 0; i < records; i++) {
            pending.add(journal.append(stream, new RawMessage(TOPIC, payload, 1, false, clock.now(), caller)).toCompletableFuture());
            if (pending.size() >= IN_FLIGHT) {
                pending.poll().get();
            }
        }
        for (CompletableFuture<?> each : pending) {
            each.get();
        }
    }

    /** From the journal's start until its reader has the first record of what {@link #grouped} left. */
    private static double open(Path folder) throws Exception {
        long start = System.nanoTime();
        try (SegmentedJournal journal = SegmentedJournal.grouped(folder, 1024, 16, Duration.ofMillis(10), UUID.randomUUID(),
            new SystemClock()); Cursor cursor = journal.open("cloud", StreamSelection.ALL)) {
            if (cursor.read(1).isEmpty() || cursor.backlog().records() < 1_000_000) {
                throw new IllegalStateException("there is no backlog of a million records");
            }
            return (System.nanoTime() - start) / 1e6;
        }
    }

    /**
     * Bytes to the device for each byte of topic and payload, read from the device's own counters, in a journal that has reached
     * its quota: for most of its life it has.
     *
     * @param seconds so many seconds of 100 records each; 0: all as fast as it goes
     */
    private static double amplification(LoopDisk disk, int segmentMegabytes, Duration interval, int records, int seconds)
        throws Exception {
        GatewayClock clock = new SystemClock();
        int quota = segmentMegabytes * 8;
        try (SegmentedJournal journal = SegmentedJournal.grouped(disk.folder().resolve("journal-" + segmentMegabytes), quota,
            segmentMegabytes, interval, UUID.randomUUID(), clock)) {
            fill(journal, clock, quota * 6000);
            long before = disk.written();
            if (seconds == 0) {
                fill(journal, clock, records);
            }
            long from = System.nanoTime();
            StreamId stream = StreamId.ingest("bench");
            for (int i = 0; i < seconds * 100; i++) {
                LockSupport.parkNanos(from + i * 10_000_000L - System.nanoTime());
                journal.append(stream, new RawMessage(TOPIC, new byte[PAYLOAD], 1, false, clock.now(), Caller.system("bench")));
            }
            fill(journal, clock, 1);
            return (disk.written() - before) / ((double) (seconds == 0 ? records : seconds * 100) * (PAYLOAD + TOPIC.length()));
        }
    }

    private static double ours(Path folder) throws Exception {
        GatewayClock clock = new SystemClock();
        try (SegmentedJournal journal = SegmentedJournal.synced(folder, UUID.randomUUID(), clock)) {
            append(journal, clock, WARM_UP);
            long start = System.nanoTime();
            append(journal, clock, RECORDS);
            return RECORDS * 1e9 / (System.nanoTime() - start);
        }
    }

    private static void append(SegmentedJournal journal, GatewayClock clock, int records) throws Exception {
        StreamId stream = StreamId.ingest("bench");
        Caller caller = Caller.system("bench");
        byte[] payload = new byte[PAYLOAD];
        for (int i = 0; i < records; i++) {
            journal.append(stream, new RawMessage(TOPIC, payload, 1, false, clock.now(), caller)).toCompletableFuture().get();
        }
    }

    /** Compiles the peer and runs it on the same folder. */
    private static double c(Bench bench, Path folder, int records, int group) throws IOException, InterruptedException {
        Path program = folder.resolve("append");
        run(Peers.need("cc").toString(), "-O2", "-o", program.toString(),
            bench.project().resolve("peer/append.c").toString());
        String figures = run(program.toString(), folder.resolve("appended").toString(), Integer.toString(records),
            Integer.toString(PAYLOAD + TOPIC.length()), Integer.toString(group));
        return Double.parseDouble(figures.split(" ")[0]);
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + " failed: " + output);
        }
        return output.trim();
    }
}
