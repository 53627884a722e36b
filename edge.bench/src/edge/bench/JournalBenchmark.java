// SPDX-License-Identifier: Apache-2.0
package edge.bench;

import edge.api.access.Caller;
import edge.api.gateway.ClockConfidence;
import edge.api.gateway.GatewayClock;
import edge.api.gateway.Moment;
import edge.api.message.RawMessage;
import edge.api.message.StreamId;
import edge.journal.SegmentedJournal;
import edge.test.support.Peers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * Records a second of one publisher that waits for each record to be on disk, beside a C program that writes and syncs as many
 * bytes as often on the same disk. Payloads of 200 bytes.
 */
final class JournalBenchmark implements Benchmark {

    private static final int WARM_UP = 2000;
    private static final int RECORDS = 5000;
    private static final int PAYLOAD = 200;
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
        return List.of("journal.append.synced");
    }

    @Override
    public List<Sample> measure(Bench bench) throws Exception {
        Path folder = bench.folder();
        double ours = ours(folder.resolve("journal"));
        return List.of(new Sample(ours, "records/s", "C", c(bench, folder)));
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
    private static double c(Bench bench, Path folder) throws IOException, InterruptedException {
        Path program = folder.resolve("append");
        run(Peers.need("cc").toString(), "-O2", "-o", program.toString(),
            bench.project().resolve("peer/append.c").toString());
        String figures = run(program.toString(), folder.resolve("appended").toString(), Integer.toString(RECORDS),
            Integer.toString(PAYLOAD + TOPIC.length()), "1");
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
