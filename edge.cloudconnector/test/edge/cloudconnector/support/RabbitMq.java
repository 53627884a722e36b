// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.support;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** A cloud played by RabbitMQ with its MQTT plugin, another make of broker than ours and mosquitto's. */
public final class RabbitMq implements AutoCloseable {

    private static final Path HOME = Path.of("/usr/lib/rabbitmq/lib");
    public static final Duration PATIENCE = Duration.ofSeconds(180);

    private final Path folder;
    private final int port = Mosquitto.freePort();
    private final int names = Mosquitto.freePort();
    private final Process process;

    public RabbitMq(Path folder) throws Exception {
        this.folder = folder;
        Files.writeString(folder.resolve("plugins"), "[rabbitmq_mqtt].\n");
        Files.writeString(folder.resolve("rabbitmq.conf"), String.join("\n",
            "listeners.tcp.1 = 127.0.0.1:" + Mosquitto.freePort(), "mqtt.listeners.tcp.1 = 127.0.0.1:" + port,
            "mqtt.allow_anonymous = false", "default_user = " + Mosquitto.USER, "default_pass = " + Mosquitto.PASSWORD, ""));
        ProcessBuilder builder = new ProcessBuilder(server().toString()).redirectErrorStream(true)
            .redirectOutput(folder.resolve("rabbitmq.log").toFile());
        builder.environment().putAll(Map.of("HOME", folder.toString(), "ERL_EPMD_PORT", Integer.toString(names),
            "ERL_EPMD_ADDRESS", "127.0.0.1", "RABBITMQ_NODENAME", "edge" + port + "@localhost", "RABBITMQ_DIST_PORT",
            Integer.toString(Mosquitto.freePort()), "RABBITMQ_MNESIA_BASE", folder.resolve("db").toString(),
            "RABBITMQ_LOGS", "-", "RABBITMQ_ENABLED_PLUGINS_FILE", folder.resolve("plugins").toString(),
            "RABBITMQ_CONFIG_FILE", folder.resolve("rabbitmq.conf").toString()));
        process = builder.start();
        Until.holds(PATIENCE, () -> Files.readString(folder.resolve("rabbitmq.log")), () -> {
            if (!process.isAlive()) {
                throw new AssertionError("rabbitmq ended: " + Files.readString(folder.resolve("rabbitmq.log")));
            }
            try (Socket socket = new Socket("127.0.0.1", port)) {
                return socket.isConnected();
            } catch (IOException e) {
                return false;
            }
        });
    }

    private static Path server() throws IOException {
        if (Files.isDirectory(HOME)) {
            try (Stream<Path> versions = Files.list(HOME)) {
                return versions.map(version -> version.resolve("sbin/rabbitmq-server")).filter(Files::isExecutable)
                    .findFirst().orElseThrow(() -> new IOException("no rabbitmq-server below " + HOME));
            }
        }
        if ("1".equals(System.getenv("EDGE_REQUIRE_PEERS"))) {
            Assertions.fail("rabbitmq-server is not installed, and peers are required");
        }
        Assumptions.abort("rabbitmq-server is not installed");
        throw new IllegalStateException();
    }

    public int port() {
        return port;
    }

    @Override
    public void close() throws Exception {
        // There is nothing in it that is to be kept.
        List<ProcessHandle> family = process.descendants().toList();
        process.destroyForcibly().waitFor();
        family.forEach(ProcessHandle::destroyForcibly);
        for (ProcessHandle member : family) {
            member.onExit().get(20, TimeUnit.SECONDS);
        }
        // It starts a name server of its own and leaves it behind.
        ProcessBuilder kill = new ProcessBuilder("epmd", "-kill").redirectErrorStream(true)
            .redirectOutput(folder.resolve("epmd.log").toFile());
        kill.environment().put("ERL_EPMD_PORT", Integer.toString(names));
        kill.start().waitFor();
    }
}
