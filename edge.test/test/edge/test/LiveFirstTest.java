// SPDX-License-Identifier: Apache-2.0
package edge.test;

import static org.assertj.core.api.Assertions.assertThat;

import edge.json.Json;
import edge.json.JsonParser;
import edge.test.support.Cloud;
import edge.test.support.CutProxy;
import edge.test.support.GatewayProcess;
import edge.test.support.Until;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.paho.client.mqttv3.IMqttActionListener;
import org.eclipse.paho.client.mqttv3.IMqttToken;
import org.eclipse.paho.client.mqttv3.MqttAsyncClient;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/**
 * A day's outage, scaled to a line of 250 kB/s: what waited takes some twenty seconds, and current values go out beside it.
 */
class LiveFirstTest {

    private static final Duration PATIENCE = Duration.ofSeconds(150);
    private static final int OLD = 3000;
    private static final int PAYLOAD = 1200;
    private static final int LINE = 250_000;
    private static final long OLD_ENOUGH = TimeUnit.SECONDS.toNanos(6);

    @Test
    void after_an_outage_current_values_arrive_at_once_while_the_backlog_drains(@TempDir Path folder, TestReporter figures)
        throws Exception {
        ConcurrentLinkedQueue<Long> latencies = new ConcurrentLinkedQueue<>();
        try (Cloud cloud = new Cloud(folder); CutProxy cable = new CutProxy(cloud.port());
            GatewayProcess gateway = new GatewayProcess(folder.resolve("data"));
            MqttClient watcher = new MqttClient("tcp://127.0.0.1:" + cloud.port(), "watcher", new MemoryPersistence())) {
            watcher.connect(Cloud.options(Cloud.USER, Cloud.PASSWORD));
            watcher.subscribe("edge/+/+/+/ingest/now", 1, (topic, message) -> {
                Json.Obj record = JsonParser.parse(new String(message.getPayload(), StandardCharsets.UTF_8)).asObject();
                if (record.text("lane").equals("live")) {
                    latencies.add(System.nanoTime() - Long.parseLong(record.text("text")));
                }
            });
            gateway.sendTo("cloud", cable.port());
            gateway.configure("edge.broker.ingest~old", "{\"topics\": [\"line/old\"]}");
            gateway.configure("edge.broker.ingest~now", "{\"topics\": [\"line/now\"]}");
            long drained;
            cable.slowDown(LINE);
            cable.cut();
            gateway.start();
            try (MqttAsyncClient local = new MqttAsyncClient("tcp://127.0.0.1:" + gateway.mqttPort(), "plc",
                new MemoryPersistence())) {
                local.connect(Cloud.options(GatewayProcess.MACHINE, GatewayProcess.SECRET)).waitForCompletion();
                long begin = System.nanoTime();
                publish(local, OLD);
                Until.holds(PATIENCE, "an old backlog", gateway::log,
                    () -> System.nanoTime() - begin > OLD_ENOUGH && historicalAndLive(gateway, "records") >= OLD);
                cable.mend();
                long mended = System.nanoTime();
                Until.holds(PATIENCE, "the first of it in the cloud", gateway::log, () -> cloud.count("ingest/old") > 0);
                while (cloud.count("ingest/old") < OLD) {
                    local.publish("line/now", Long.toString(System.nanoTime()).getBytes(StandardCharsets.UTF_8), 1, false);
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
                }
                drained = System.nanoTime() - mended;
                local.disconnectForcibly(100, 100);
            }
            Until.holds(PATIENCE, "an empty backlog", gateway::log, () -> historicalAndLive(gateway, "records") == 0);
            List<Long> sorted = latencies.stream().sorted().toList();
            assertThat(sorted).as("live values while the backlog drained").hasSizeGreaterThan(40);
            long p99 = sorted.get(sorted.size() * 99 / 100);
            figures.publishEntry(String.format(Locale.ROOT, "%d live values beside %d old ones, p50 %d ms, p99 %d ms", sorted.size(), OLD,
                sorted.get(sorted.size() / 2) / 1_000_000, p99 / 1_000_000));
            // If they waited behind the old ones, half of them would take half of the time and more.
            assertThat(p99).as("nanoseconds, while the backlog took %d", drained).isLessThan(drained / 4);
            assertThat(cloud.holes()).isEmpty();
            assertThat(cloud.duplicates()).isZero();
            watcher.disconnectForcibly(100, 100);
        }
    }

    private static void publish(MqttAsyncClient client, int count) throws Exception {
        Semaphore window = new Semaphore(200);
        IMqttActionListener acknowledged = new IMqttActionListener() {
            @Override
            public void onSuccess(IMqttToken token) {
                window.release();
            }

            @Override
            public void onFailure(IMqttToken token, Throwable failure) {
                throw new AssertionError(failure);
            }
        };
        byte[] payload = "x".repeat(PAYLOAD).getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < count; i++) {
            window.acquire();
            client.publish("line/old", payload, 1, false, null, acknowledged);
        }
        window.acquire(200);
    }

    private static long historicalAndLive(GatewayProcess gateway, String what) throws Exception {
        return gateway.uplink("cloud").orElseThrow().get("backlog").asObject().integer(what, 0, Long.MAX_VALUE);
    }
}
