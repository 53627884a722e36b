// SPDX-License-Identifier: Apache-2.0
package edge.broker.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import edge.broker.TestTrust;
import edge.broker.net.ListenerSettings.Protocol;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;

/** One thing that an MQTT client does, done by Eclipse Paho's Java client. */
final class PahoForJava {

    private static final long PATIENCE_SECONDS = 15;

    private final String what;
    private final Path ca;
    private final ToIntFunction<Protocol> ports;
    private final BlockingQueue<String> inbox = new LinkedBlockingQueue<>();

    PahoForJava(String what, Path ca, ToIntFunction<Protocol> ports) {
        this.what = what;
        this.ca = ca;
        this.ports = ports;
    }

    void run() throws Exception {
        switch (what) {
            case "clean-session" -> cleanSession();
            case "kept-session" -> keptSession();
            case "every-qos" -> everyQos(Protocol.MQTT);
            case "retained" -> retained();
            case "will" -> will();
            case "wildcards" -> wildcards();
            case "tls" -> everyQos(Protocol.MQTTS);
            case "websocket" -> everyQos(Protocol.WS);
            case "secure-websocket" -> everyQos(Protocol.WSS);
            case "wrong-password" -> wrongPassword();
            default -> throw new IllegalArgumentException(what);
        }
    }

    private static MqttConnectOptions options(boolean clean) {
        MqttConnectOptions options = new MqttConnectOptions();
        options.setMqttVersion(MqttConnectOptions.MQTT_VERSION_3_1_1);
        options.setCleanSession(clean);
        options.setUserName("sensor");
        options.setPassword("sensor-secret".toCharArray());
        return options;
    }

    private MqttClient client(String name, Protocol protocol) throws MqttException {
        String scheme = switch (protocol) {
            case MQTT -> "tcp";
            case MQTTS -> "ssl";
            default -> protocol.name().toLowerCase(java.util.Locale.ROOT);
        };
        String path = protocol == Protocol.WS || protocol == Protocol.WSS ? "/mqtt" : "";
        MqttClient client = new MqttClient(scheme + "://localhost:" + ports.applyAsInt(protocol) + path, name, new MemoryPersistence());
        client.setTimeToWait(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        return client;
    }

    /** Connected; what it gets is in the inbox. */
    private MqttClient connected(String name, boolean clean, boolean present) throws MqttException {
        MqttClient client = client(name, Protocol.MQTT);
        listen(client);
        assertThat(client.connectWithResult(options(clean)).getSessionPresent()).isEqualTo(present);
        return client;
    }

    private void listen(MqttClient client) {
        client.setCallback(new Inbox(inbox));
    }

    private static void close(MqttClient client) throws MqttException {
        client.disconnect();
        client.close();
    }

    private static void publish(MqttClient client, String topic, String payload, int qos, boolean retain) throws MqttException {
        client.publish(topic, payload.getBytes(StandardCharsets.UTF_8), qos, retain);
    }

    private void expect(String... messages) throws InterruptedException {
        List<String> got = new ArrayList<>();
        while (got.size() < messages.length) {
            String next = inbox.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertThat(next).as("the next after %s", got).isNotNull();
            got.add(next);
        }
        assertThat(got).containsExactlyInAnyOrder(messages);
    }

    /** What comes last shows that nothing else has come before it. */
    private void last(MqttClient client) throws Exception {
        publish(client, "last", "last", 0, false);
        expect("last last 0 false");
    }

    private void cleanSession() throws Exception {
        MqttClient before = connected("java", true, false);
        before.subscribe("c", 1);
        close(before);
        MqttClient after = connected("java", true, false);
        after.subscribe("last", 0);
        publish(after, "c", "x", 1, false);
        last(after);
        close(after);
    }

    private void keptSession() throws Exception {
        MqttClient before = connected("java", false, false);
        before.subscribe(new String[] {"k/+", "last"}, new int[] {2, 0});
        close(before);
        MqttClient publisher = connected("pub", true, false);
        List<String> missed = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            publish(publisher, "k/" + i, "x", 1 + i % 2, false);
            missed.add("k/" + i + " x " + (1 + i % 2) + " false");
        }
        close(publisher);
        MqttClient after = connected("java", false, true);
        expect(missed.toArray(String[]::new));
        last(after);
        close(after);
    }

    private void everyQos(Protocol protocol) throws Exception {
        MqttClient client = client("java", protocol);
        listen(client);
        MqttConnectOptions options = options(true);
        if (protocol == Protocol.MQTTS || protocol == Protocol.WSS) {
            options.setSocketFactory(TestTrust.of(ca));
        }
        client.connect(options);
        client.subscribe(new String[] {"q/0", "q/1", "q/2"}, new int[] {0, 1, 2});
        for (int granted = 0; granted < 3; granted++) {
            for (int sent = 0; sent < 3; sent++) {
                publish(client, "q/" + granted, "x" + sent, sent, false);
                expect("q/" + granted + " x" + sent + " " + Math.min(sent, granted) + " false");
            }
        }
        close(client);
    }

    private void retained() throws Exception {
        MqttClient client = connected("java", true, false);
        for (int qos = 0; qos < 3; qos++) {
            publish(client, "r/" + qos, "x", qos, true);
        }
        client.subscribe(new String[] {"r/#", "last"}, new int[] {2, 0});
        expect("r/0 x 0 true", "r/1 x 1 true", "r/2 x 2 true");
        for (int qos = 0; qos < 3; qos++) {
            publish(client, "r/" + qos, "", qos, true);
        }
        expect("r/0  0 false", "r/1  1 false", "r/2  2 false");
        client.subscribe("r/#", 2);
        last(client);
        close(client);
    }

    private void will() throws Exception {
        MqttClient client = connected("java", true, false);
        client.subscribe("w", 2);
        MqttClient doomed = client("doomed", Protocol.MQTT);
        MqttConnectOptions options = options(true);
        options.setWill("w", "gone".getBytes(StandardCharsets.UTF_8), 2, false);
        doomed.connect(options);
        doomed.disconnectForcibly(0, 100, false);
        expect("w gone 2 false");
        doomed.close(true);
        close(client);
    }

    private void wildcards() throws Exception {
        MqttClient client = connected("java", true, false);
        client.subscribe(new String[] {"w/#", "w/+", "w/1", "last"}, new int[] {0, 1, 0, 0});
        publish(client, "w/1", "x", 1, false);
        expect("w/1 x 1 false");
        last(client);
        close(client);
    }

    private void wrongPassword() throws MqttException {
        try (MqttClient client = client("java", Protocol.MQTT)) {
            MqttConnectOptions options = options(true);
            options.setPassword("wrong".toCharArray());
            assertThatThrownBy(() -> client.connect(options)).isInstanceOf(MqttException.class)
                .satisfies(e -> assertThat(((MqttException) e).getReasonCode()).isEqualTo(MqttException.REASON_CODE_FAILED_AUTHENTICATION));
        }
    }
}
