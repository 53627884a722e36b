// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.support;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;

/** Somebody at the cloud who looks on. */
public final class Watcher implements AutoCloseable {

    private record Seen(String topic, String text) {
    }

    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    private final MqttClient client;
    private int looked;

    public Watcher(int port, String filter) throws MqttException {
        client = new MqttClient("tcp://127.0.0.1:" + port, "watcher", new MemoryPersistence());
        MqttConnectOptions options = new MqttConnectOptions();
        options.setUserName(Mosquitto.USER);
        options.setPassword(Mosquitto.PASSWORD.toCharArray());
        client.connect(options);
        client.subscribe(filter, 1,
            (topic, message) -> seen.add(new Seen(topic, new String(message.getPayload(), StandardCharsets.UTF_8))));
    }

    /** Waits for a message with this text behind those that were waited for before. */
    public void awaits(String topic, String text) throws Exception {
        Until.holds(Duration.ofSeconds(15), seen::toString, () -> {
            for (int i = looked; i < seen.size(); i++) {
                if (seen.get(i).topic().equals(topic) && seen.get(i).text().contains(text)) {
                    looked = i + 1;
                    return true;
                }
            }
            return false;
        });
    }

    public int count() {
        return seen.size();
    }

    @Override
    public void close() throws MqttException {
        // Without a goodbye: Paho waits out its time for one.
        client.disconnectForcibly(0, 1, false);
        client.close();
    }
}
