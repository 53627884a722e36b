// SPDX-License-Identifier: Apache-2.0
package edge.test.support;

import edge.json.Json;
import edge.json.JsonException;
import edge.json.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.MqttMessage;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;

/** A cloud played by mosquitto, with user and password, and the account of what arrived in it. */
public final class Cloud implements AutoCloseable {

    public static final String USER = "gateway";
    public static final String PASSWORD = "a password of the test only";

    private final Program mosquitto;
    private final int port;
    private final MqttClient collector;
    /** guarded by itself: what arrived, by stream and epoch, then by sequence; the text is the payload. */
    private final Map<String, TreeMap<Long, String>> arrived = new HashMap<>();
    private final AtomicLong duplicates = new AtomicLong();

    public Cloud(Path folder) throws Exception {
        port = Program.freePort();
        Path passwords = folder.resolve("cloud.passwords");
        Files.writeString(passwords, "");
        Process hash = new ProcessBuilder(Peers.need("mosquitto_passwd").toString(), "-b", passwords.toString(), USER,
            PASSWORD).inheritIO().start();
        if (hash.waitFor() != 0) {
            throw new IOException("mosquitto_passwd failed");
        }
        Path configuration = folder.resolve("cloud.conf");
        Files.writeString(configuration, "listener " + port + " 127.0.0.1\npassword_file " + passwords
            + "\nallow_anonymous false\nuser root\nmax_queued_messages 0\nmax_inflight_messages 0\n");
        mosquitto = Program.start(folder.resolve("cloud.log"), Map.of(),
            List.of(Peers.need("mosquitto").toString(), "-c", configuration.toString()));
        Until.holds(Duration.ofSeconds(10), "mosquitto to listen", mosquitto::output, () -> Program.listens(port));
        collector = new MqttClient("tcp://127.0.0.1:" + port, "collector", new MemoryPersistence());
        collector.connect(options(USER, PASSWORD));
        collector.subscribe("#", 1, this::arrived);
    }

    public int port() {
        return port;
    }

    private void arrived(String topic, MqttMessage message) throws JsonException {
        String text = new String(message.getPayload(), StandardCharsets.UTF_8);
        Json.Obj record = JsonParser.parse(text).asObject();
        String stream = record.text("stream") + "/" + record.text("epoch");
        synchronized (arrived) {
            String before = arrived.computeIfAbsent(stream, name -> new TreeMap<>())
                .put(record.integer("sequence", 1, Long.MAX_VALUE), text);
            if (before != null) {
                duplicates.incrementAndGet();
            }
        }
    }

    /** How many different records of streams that begin so have arrived. */
    public long count(String streamPrefix) {
        synchronized (arrived) {
            return arrived.entrySet().stream().filter(entry -> entry.getKey().startsWith(streamPrefix))
                .mapToLong(entry -> entry.getValue().size()).sum();
        }
    }

    public long duplicates() {
        return duplicates.get();
    }

    /** For each stream and epoch, the sequences that are missing below the highest that arrived, in words. */
    public List<String> holes() {
        synchronized (arrived) {
            return arrived.entrySet().stream()
                .filter(entry -> entry.getValue().firstKey() != 1
                    || entry.getValue().lastKey() != entry.getValue().size())
                .map(entry -> entry.getKey() + ": " + entry.getValue().size() + " of sequences up to "
                    + entry.getValue().lastKey())
                .toList();
        }
    }

    /** The payloads of a stream, over all its epochs. */
    public List<String> payloads(String streamPrefix) {
        synchronized (arrived) {
            return arrived.entrySet().stream().filter(entry -> entry.getKey().startsWith(streamPrefix))
                .flatMap(entry -> entry.getValue().values().stream()).toList();
        }
    }

    public static MqttConnectOptions options(String user, String password) {
        MqttConnectOptions options = new MqttConnectOptions();
        options.setUserName(user);
        options.setPassword(password.toCharArray());
        options.setMaxInflight(1000);
        return options;
    }

    @Override
    public void close() throws MqttException {
        collector.disconnectForcibly(100, 100);
        collector.close();
        mosquitto.close();
    }
}
