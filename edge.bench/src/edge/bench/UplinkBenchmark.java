// SPDX-License-Identifier: Apache-2.0
package edge.bench;

import edge.api.access.Caller;
import edge.api.gateway.ClockConfidence;
import edge.api.gateway.GatewayClock;
import edge.api.gateway.Moment;
import edge.api.message.RawMessage;
import edge.api.message.StreamId;
import edge.journal.SegmentedJournal;
import edge.json.Json;
import edge.test.support.GatewayProcess;
import edge.test.support.Peers;
import edge.test.support.Program;
import edge.test.support.Until;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.eclipse.paho.client.mqttv3.IMqttActionListener;
import org.eclipse.paho.client.mqttv3.IMqttToken;
import org.eclipse.paho.client.mqttv3.MqttAsyncClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;

/**
 * Records a second with which a gateway that was away drains its backlog to mosquitto, QoS 1, read from the journal and encoded
 * as JSON; beside a bare Paho client that publishes payloads of that size from memory with as many under way, and beside what
 * mosquitto takes at most: from a client that does nothing but write and count acknowledgements. Payloads of third parties, 200
 * bytes.
 */
final class UplinkBenchmark implements Benchmark {

    private static final int RECORDS = 150_000;
    private static final int PAYLOAD = 200;
    /** What the JSON of such a record comes to. */
    private static final int ENCODED = 480;
    private static final int WINDOW = 1000;
    private static final int GROUP = 10_000;
    private static final int BUFFER = 64 * 1024;
    private static final long LONG = Duration.ofSeconds(60).toNanos();

    @Override
    public List<String> names() {
        return List.of("uplink.drain", "uplink.drain-mosquitto");
    }

    @Override
    public int rounds() {
        return 3;
    }

    @Override
    public List<Sample> measure(Bench bench) throws Exception {
        Path folder = bench.folder();
        int port = Program.freePort();
        Path configuration = Files.writeString(folder.resolve("cloud.conf"), "listener " + port
            + " 127.0.0.1\nallow_anonymous true\nuser root\nmax_inflight_messages 0\n");
        try (Program mosquitto = Program.start(folder.resolve("cloud.log"), Map.of(),
            List.of(Peers.need("mosquitto").toString(), "-c", configuration.toString()))) {
            Until.holds(Duration.ofSeconds(10), "mosquitto to listen", mosquitto::output, () -> Program.listens(port));
            double drained = gateway(folder.resolve("data"), port);
            return List.of(new Sample(drained, "records/s", "paho", paho(port)),
                new Sample(drained, "records/s", "what mosquitto takes", most(port)));
        }
    }

    private static double gateway(Path data, int port) throws Exception {
        record(data.resolve("journal"));
        try (GatewayProcess gateway = new GatewayProcess(data)) {
            gateway.configure("edge.cloudconnector.mqtt~cloud",
                "{\"host\": \"127.0.0.1\", \"port\": " + port + ", \"tls\": false, \"window\": " + WINDOW + "}");
            gateway.start();
            // Without the start and the end, which are other figures.
            long begin = delivered(gateway, RECORDS / 10);
            long at = System.nanoTime();
            long end = delivered(gateway, RECORDS - RECORDS / 10);
            return (end - begin) * 1e9 / (System.nanoTime() - at);
        }
    }

    private static long delivered(GatewayProcess gateway, long atLeast) {
        long[] now = new long[1];
        Until.holds(Duration.ofSeconds(120), atLeast + " records delivered", gateway::log, () -> {
            Json.Obj uplink = gateway.uplink("cloud").orElseThrow();
            now[0] = uplink.integer("delivered", 0, Long.MAX_VALUE);
            return now[0] >= atLeast;
        });
        return now[0];
    }

    /** What the gateway recorded before it was away. */
    private static void record(Path folder) throws Exception {
        GatewayClock clock = new GatewayClock() {
            private final UUID boot = UUID.randomUUID();

            @Override
            public Moment now() {
                return new Moment(System.nanoTime(), Instant.now(), ClockConfidence.SYNCHRONISED);
            }

            @Override
            public UUID bootId() {
                return boot;
            }
        };
        byte[] payload = "x".repeat(PAYLOAD).getBytes(StandardCharsets.US_ASCII);
        try (SegmentedJournal journal = SegmentedJournal.synced(folder, UUID.randomUUID(), clock)) {
            for (int done = 0; done < RECORDS; done += GROUP) {
                List<CompletableFuture<?>> group = new ArrayList<>();
                for (int i = 0; i < GROUP; i++) {
                    group.add(journal.append(StreamId.ingest("bench"), new RawMessage("plant/line/1/alarms", payload, 1, false,
                        clock.now(), Caller.system("bench"))).toCompletableFuture());
                }
                CompletableFuture.allOf(group.toArray(CompletableFuture[]::new)).get();
            }
        }
    }

    private static double most(int port) throws Exception {
        try (MqttPeer client = new MqttPeer(port, "lean", true, BUFFER)) {
            byte[] payload = new byte[ENCODED];
            client.publish("bench/lean", payload, RECORDS / 10, WINDOW, LONG);
            long begin = System.nanoTime();
            int taken = client.publish("bench/lean", payload, RECORDS, WINDOW, LONG);
            return taken * 1e9 / (System.nanoTime() - begin);
        }
    }

    private static double paho(int port) throws Exception {
        Semaphore window = new Semaphore(WINDOW);
        IMqttActionListener answered = new IMqttActionListener() {
            @Override
            public void onSuccess(IMqttToken token) {
                window.release();
            }

            @Override
            public void onFailure(IMqttToken token, Throwable failure) {
                throw new IllegalStateException(failure);
            }
        };
        MqttAsyncClient client = new MqttAsyncClient("tcp://127.0.0.1:" + port, "bare", new MemoryPersistence());
        MqttConnectOptions options = new MqttConnectOptions();
        options.setMaxInflight(WINDOW + WINDOW / 10);
        client.connect(options).waitForCompletion();
        byte[] payload = new byte[ENCODED];
        long begin = 0;
        for (int i = 0; i < RECORDS; i++) {
            if (i == RECORDS / 10) {
                begin = System.nanoTime();
            }
            window.acquire();
            client.publish("bench/bare", payload, 1, false, null, answered);
        }
        window.acquire(WINDOW);
        double rate = (RECORDS - RECORDS / 10) * 1e9 / (System.nanoTime() - begin);
        client.disconnectForcibly(100, 100);
        client.close();
        return rate;
    }
}
