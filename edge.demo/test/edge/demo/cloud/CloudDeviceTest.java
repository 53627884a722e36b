// SPDX-License-Identifier: Apache-2.0
package edge.demo.cloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import edge.api.device.DeviceException;
import edge.api.device.LinkState.Phase;
import edge.api.device.Quality;
import edge.api.device.Reading;
import edge.api.device.Tag;
import edge.api.health.HealthReport.Status;
import edge.api.value.Value;
import edge.demo.Peer;
import edge.demo.Until;
import java.lang.annotation.Annotation;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class CloudDeviceTest {

    private static final String PASSWORD = "a password for this test";

    private CloudDevice device;

    private static CloudConfig config(int port, String user, String password) {
        return new CloudConfig() {
            @Override
            public Class<? extends Annotation> annotationType() {
                return CloudConfig.class;
            }

            @Override
            public int port() {
                return port;
            }

            @Override
            public String user() {
                return user;
            }

            @Override
            public String _password() {
                return password;
            }
        };
    }

    @BeforeEach
    void start() {
        device = new CloudDevice(config(0, "gateway", PASSWORD));
        device.start();
        Until.holds("it listens", () -> device.link().phase() == Phase.CONNECTED);
    }

    @AfterEach
    void stop() {
        device.stop();
        Until.holds("no thread of it", () -> Until.noThread("edge-demo-cloud"));
    }

    private MqttClient client(String id, String password) throws MqttException {
        MqttClient client = new MqttClient("tcp://127.0.0.1:" + device.port(), id, new MemoryPersistence());
        client.setTimeToWait(20_000);
        MqttConnectOptions options = new MqttConnectOptions();
        options.setMqttVersion(MqttConnectOptions.MQTT_VERSION_3_1_1);
        options.setUserName("gateway");
        options.setPassword(password.toCharArray());
        options.setConnectionTimeout(20);
        client.connect(options);
        return client;
    }

    private static void end(MqttClient client) throws MqttException {
        if (client.isConnected()) {
            client.disconnect();
        }
        client.close(true);
    }

    private Map<String, Value> values() {
        try {
            Map<String, Value> values = new LinkedHashMap<>();
            for (Reading reading : device.prepare(device.tags()).run().toCompletableFuture().get(5, TimeUnit.SECONDS)) {
                values.put(reading.tag().name(), reading.value());
            }
            return values;
        } catch (InterruptedException | ExecutionException | java.util.concurrent.TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    private long count(String tag) {
        return ((Value.Unsigned) values().get(tag)).bits();
    }

    private Tag tag(String name) {
        return device.tags().stream().filter(tag -> tag.name().equals(name)).findFirst().orElseThrow();
    }

    private void link(boolean reachable) throws Exception {
        device.write(tag("link"), Value.of(reachable)).toCompletableFuture().get(5, TimeUnit.SECONDS);
    }

    private static byte[] record(long sequence, String lane) {
        return ("{\"schema\": \"edge.scan/1\", \"gateway\": \"g\", \"stream\": \"device/plant-1\", \"epoch\": \"e\", \"sequence\": "
            + sequence + ", \"lane\": \"" + lane + "\"}").getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void it_counts_what_it_acknowledges_at_every_quality_of_service() throws Exception {
        MqttClient client = client("a", PASSWORD);
        for (int i = 1; i <= 30; i++) {
            client.publish("edge/x", record(i, "live"), i % 3, false);
        }
        Until.holds("30 received", () -> count("received") == 30);
        assertThat(count("duplicates")).isZero();
        assertThat(count("missing")).isZero();
        assertThat(values()).containsEntry("last-record", Value.text("device/plant-1 #30"))
            .containsEntry("last-sequence", Value.unsigned(30)).containsEntry("clients", Value.unsigned(1));
        end(client);
    }

    @Test
    void it_knows_what_is_missing_what_came_twice_and_what_was_reported_as_lost() throws Exception {
        MqttClient client = client("a", PASSWORD);
        for (long sequence : new long[] {1, 2, 8, 9}) {
            client.publish("edge/x", record(sequence, "live"), 1, false);
        }
        assertThat(count("missing")).isEqualTo(5);
        for (long sequence : new long[] {3, 3, 4, 5}) {
            client.publish("edge/x", record(sequence, "backlog"), 1, false);
        }
        assertThat(count("missing")).isEqualTo(2);
        assertThat(count("duplicates")).isEqualTo(1);
        assertThat(count("historical")).isEqualTo(4);
        client.publish("edge/x", ("{\"schema\": \"edge.gap/1\", \"gateway\": \"g\", \"stream\": \"device/plant-1\", \"epoch\": \"e\","
            + "\"sequence\": 10, \"lane\": \"backlog\", \"lost\": {\"epoch\": \"e\", \"from\": 6, \"to\": 7, \"reason\": \"corrupt\"}}")
            .getBytes(StandardCharsets.UTF_8), 1, false);
        client.publish("edge/x", "no record at all".getBytes(StandardCharsets.UTF_8), 1, false);
        assertThat(count("missing")).isZero();
        assertThat(count("lost")).isEqualTo(2);
        assertThat(count("received")).isEqualTo(10);
        end(client);
    }

    @Test
    void a_wrong_password_is_refused() {
        assertThatExceptionOfType(MqttException.class).isThrownBy(() -> client("a", PASSWORD + "!"))
            .matches(e -> e.getReasonCode() == MqttException.REASON_CODE_FAILED_AUTHENTICATION);
        assertThat(count("clients")).isZero();
    }

    @Test
    void a_cut_drops_connections_and_refuses_new_ones_until_it_is_restored() throws Exception {
        MqttClient client = client("a", PASSWORD);
        client.publish("edge/x", record(1, "live"), 1, false);
        int port = device.port();
        for (int round = 0; round < 5; round++) {
            link(false);
            MqttClient cut = client;
            Until.holds("dropped", () -> !cut.isConnected());
            assertThat(values()).containsEntry("link", Value.FALSE);
            assertThatExceptionOfType(MqttException.class).isThrownBy(() -> client("b", PASSWORD));
            link(false);
            link(true);
            link(true);
            assertThat(device.port()).isEqualTo(port);
            assertThat(values()).containsEntry("link", Value.TRUE);
            end(cut);
            client = client("a", PASSWORD);
            client.publish("edge/x", record(2 + round, "live"), 1, false);
        }
        assertThat(count("received")).as("kept over the cuts").isEqualTo(6);
        end(client);
    }

    @Test
    void the_second_client_of_a_name_takes_over() throws Exception {
        MqttClient first = client("same", PASSWORD);
        MqttClient second = client("same", PASSWORD);
        Until.holds("the first is dropped", () -> !first.isConnected());
        second.publish("edge/x", record(1, "live"), 1, false);
        Until.holds("one is left", () -> count("clients") == 1);
        end(first);
        end(second);
    }

    @Test
    void debians_mosquitto_clients_publish_and_look_on() throws Exception {
        Peer.needs("mosquitto_sub");
        Peer.needs("mosquitto_pub");
        Process onlooker = new ProcessBuilder("mosquitto_sub", "-p", String.valueOf(device.port()), "-u", "gateway", "-P", PASSWORD,
            "-t", "edge/#", "-C", "1", "-W", "60").start();
        try {
            Until.holds("it looks on", () -> count("clients") == 1);
            Until.holds("it has seen one", () -> {
                try {
                    Peer.run("mosquitto_pub", "-p", String.valueOf(device.port()), "-u", "gateway", "-P", PASSWORD, "-q", "2", "-t",
                        "edge/a", "-m", "hello");
                } catch (java.io.IOException | InterruptedException e) {
                    throw new AssertionError(e);
                }
                return !onlooker.isAlive();
            });
            assertThat(new String(onlooker.getInputStream().readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("hello\n");
        } finally {
            onlooker.destroyForcibly();
        }
    }

    @Test
    void only_the_tag_link_can_be_written() {
        assertThatExceptionOfType(ExecutionException.class)
            .isThrownBy(() -> device.write(tag("received"), Value.TRUE).toCompletableFuture().get(5, TimeUnit.SECONDS))
            .withCauseInstanceOf(DeviceException.class);
    }

    @Test
    void a_port_in_use_is_told_and_taken_when_it_is_free() throws Exception {
        CloudDevice late;
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            late = new CloudDevice(config(other.getLocalPort(), "gateway", PASSWORD));
            late.start();
            Until.holds("it is told", () -> late.link().phase() == Phase.DISCONNECTED);
            assertThat(late.check().status()).isEqualTo(Status.CRITICAL);
            assertThat(late.link().detail()).contains("127.0.0.1:" + other.getLocalPort());
        }
        Until.holds("it listens", () -> late.link().phase() == Phase.CONNECTED);
        late.stop();
        assertThat(late.prepare(List.of(tag("link"))).run().toCompletableFuture().get(5, TimeUnit.SECONDS).get(0).quality().reason())
            .isEqualTo(Quality.Reason.PAUSED);
    }

    @Test
    void there_is_no_default_password() {
        assertThatIllegalArgumentException().isThrownBy(() -> new CloudDevice(config(0, "gateway", "short")))
            .withMessage("edge.demo.cloud: .password must have at least 12 characters");
        assertThatIllegalArgumentException().isThrownBy(() -> new CloudDevice(config(0, null, PASSWORD)))
            .withMessage("edge.demo.cloud: user is missing");
    }
}
