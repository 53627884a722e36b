// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.support;

import edge.json.Json;
import edge.json.JsonException;
import edge.json.JsonParser;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.MqttMessage;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;

/** The receiver in the cloud: a durable subscriber of everything that keeps account of the sequences of one stream. */
public final class Collector implements AutoCloseable {

    private final MqttClient client;
    // All guarded by this.
    private final BitSet arrived = new BitSet();
    private final List<String> topics = new ArrayList<>();
    private long messages;
    private String last = "";

    public Collector(Mosquitto cloud) throws MqttException {
        client = new MqttClient("tcp://127.0.0.1:" + cloud.port(), "collector", new MemoryPersistence());
        client.connect(options());
        client.subscribe("#", 1, this::arrived);
    }

    private static MqttConnectOptions options() {
        MqttConnectOptions options = new MqttConnectOptions();
        options.setCleanSession(false);
        options.setUserName(Mosquitto.USER);
        options.setPassword(Mosquitto.PASSWORD.toCharArray());
        return options;
    }

    /** Comes back to its session after the cloud was away; it may not have noticed yet that it was. */
    public void reconnect() throws Exception {
        Until.holds(Duration.ofSeconds(20), () -> "the lost connection is not noticed", this::isConnectedAnew);
        client.subscribe("#", 1, this::arrived);
    }

    private boolean isConnectedAnew() throws MqttException {
        try {
            client.connect(options());
            return true;
        } catch (MqttException e) {
            if (e.getReasonCode() == MqttException.REASON_CODE_CLIENT_CONNECTED
                || e.getReasonCode() == MqttException.REASON_CODE_CLIENT_DISCONNECTING) {
                return false;
            }
            throw e;
        }
    }

    private synchronized void arrived(String topic, MqttMessage message) throws JsonException {
        last = new String(message.getPayload(), StandardCharsets.UTF_8);
        Json.Obj record = JsonParser.parse(last).asObject();
        arrived.set((int) record.integer("sequence", 1, Integer.MAX_VALUE));
        messages++;
        if (!topics.contains(topic)) {
            topics.add(topic);
        }
    }

    /** How many different sequences have arrived. */
    public synchronized int sequences() {
        return arrived.cardinality();
    }

    public synchronized long duplicates() {
        return messages - arrived.cardinality();
    }

    /** The first sequence that is missing. */
    public synchronized int firstMissing() {
        return arrived.nextClearBit(1);
    }

    public synchronized List<String> topics() {
        return List.copyOf(topics);
    }

    /** The payload that came last. */
    public synchronized String last() {
        return last;
    }

    @Override
    public void close() throws MqttException {
        // Without a goodbye: Paho waits out its time for one.
        client.disconnectForcibly(0, 1, false);
        client.close();
    }
}
