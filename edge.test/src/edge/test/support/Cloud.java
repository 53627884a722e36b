// SPDX-License-Identifier: Apache-2.0
package edge.test.support;

import edge.verify.Account;
import edge.verify.Arrival;
import edge.verify.Payloads;
import edge.verify.Report;
import edge.verify.Report.StreamReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    private final int tlsPort;
    private final MqttClient collector;
    private final Account account = new Account("cloud");
    /** guarded by itself, and so are the counts */
    private final Map<String, List<String>> payloads = new HashMap<>();
    private final Map<Long, Integer> perSecond = new HashMap<>();
    private int busiest;

    public Cloud(Path folder) throws Exception {
        this(folder, "");
    }

    private Cloud(Path folder, String tls) throws Exception {
        port = Program.freePort();
        tlsPort = Program.freePort();
        Path passwords = folder.resolve("cloud.passwords");
        Files.writeString(passwords, "");
        Process hash = new ProcessBuilder(Peers.need("mosquitto_passwd").toString(), "-b", passwords.toString(), USER,
            PASSWORD).inheritIO().start();
        if (hash.waitFor() != 0) {
            throw new IOException("mosquitto_passwd failed");
        }
        Path configuration = folder.resolve("cloud.conf");
        Files.writeString(configuration, "listener " + port + " 127.0.0.1\npassword_file " + passwords
            + "\nallow_anonymous false\nuser root\nmax_queued_messages 0\nmax_inflight_messages 0\n"
            + (tls.isEmpty() ? "" : "listener " + tlsPort + " 127.0.0.1\n" + tls));
        mosquitto = Program.start(folder.resolve("cloud.log"), Map.of(),
            List.of(Peers.need("mosquitto").toString(), "-c", configuration.toString()));
        Until.holds(Duration.ofSeconds(60), "mosquitto to listen", mosquitto::output, () -> Program.listens(port));
        collector = new MqttClient("tcp://127.0.0.1:" + port, "collector", new MemoryPersistence());
        collector.connect(options(USER, PASSWORD));
        collector.subscribe("#", 1, this::arrived);
    }

    /** One that is reached by TLS too: its certificate is for localhost. */
    public static Cloud withTls(Path folder, Pki pki, String root) throws Exception {
        pki.key("cloud", "localhost", "-signer", root, "-ext", "san=dns:localhost", "-ext", "eku=serverAuth");
        return new Cloud(folder, "certfile " + pki.certificate("cloud") + "\nkeyfile " + pki.privateKey("cloud") + "\n");
    }

    public int tlsPort() {
        return tlsPort;
    }

    public int port() {
        return port;
    }

    private void arrived(String topic, MqttMessage message) throws IOException {
        for (Arrival arrival : Payloads.read(message.getPayload())) {
            synchronized (payloads) {
                long second = System.nanoTime() / 1_000_000_000;
                int now = perSecond.merge(second, 1, Integer::sum);
                busiest = Math.max(busiest, now + perSecond.getOrDefault(second - 1, 0));
                if (account.arrived(arrival)) {
                    payloads.computeIfAbsent(arrival.stream().name(), name -> new ArrayList<>())
                        .add(new String(message.getPayload(), StandardCharsets.UTF_8));
                }
            }
        }
    }

    /** What can be proven of what has arrived. */
    public Report report() {
        return account.report();
    }

    /** How many different records of streams that begin so have arrived. */
    public long count(String streamPrefix) {
        return report().streams().stream().filter(stream -> stream.stream().name().startsWith(streamPrefix))
            .mapToLong(StreamReport::received).sum();
    }

    public long duplicates() {
        return report().duplicates();
    }

    /** At least as many messages as have ever arrived within one second. */
    public int busiestSecond() {
        synchronized (payloads) {
            return busiest;
        }
    }

    /** What is missing or out of order, in words. */
    public List<String> holes() {
        return report().streams().stream().filter(stream -> !stream.isComplete() || stream.reorders() > 0)
            .map(StreamReport::toString).toList();
    }

    /** The different payloads of a stream, over all its epochs. */
    public List<String> payloads(String streamPrefix) {
        synchronized (payloads) {
            return payloads.entrySet().stream().filter(entry -> entry.getKey().startsWith(streamPrefix))
                .flatMap(entry -> entry.getValue().stream()).toList();
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
