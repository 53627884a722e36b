// SPDX-License-Identifier: Apache-2.0
package edge.bench;

import edge.broker.Settings;
import edge.test.support.Peers;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A broker in a process of its own: the product's, or a peer's. All that run on Java get the flags that ship. */
final class BrokerUnderTest implements AutoCloseable {

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long POLL_MILLIS = 20;

    private final Process process;
    private final int port;

    private BrokerUnderTest(Process process, int port) throws IOException, InterruptedException {
        this.process = process;
        this.port = port;
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (!listens()) {
            if (!process.isAlive() || System.nanoTime() > end) {
                process.destroyForcibly();
                throw new IOException("a broker does not listen on port " + port);
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    private boolean listens() {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    int port() {
        return port;
    }

    long pid() {
        return process.pid();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static BrokerUnderTest java(Path folder, int port, String classPath, List<String> options, String... command)
        throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xms128m", "-Xmx128m"));
        all.addAll(options);
        all.addAll(List.of("-cp", classPath));
        all.addAll(Arrays.asList(command));
        return new BrokerUnderTest(new ProcessBuilder(all).directory(folder.toFile())
            .redirectError(ProcessBuilder.Redirect.to(folder.resolve("err.txt").toFile())).start(), port);
    }

    /** Without a bound on what one client publishes, which no peer has. */
    static BrokerUnderTest edge(Path folder) throws IOException, InterruptedException {
        return edge(folder, 0);
    }

    static BrokerUnderTest edgeAsShipped(Path folder) throws IOException, InterruptedException {
        return edge(folder, Settings.Limits.DEFAULTS.messagesPerSecond());
    }

    private static BrokerUnderTest edge(Path folder, int messagesPerSecond) throws IOException, InterruptedException {
        int port = freePort();
        return java(folder, port, System.getProperty("java.class.path"), List.of("-XX:+AlwaysPreTouch"),
            EdgeBroker.class.getName(), folder.toString(), Integer.toString(port), Integer.toString(messagesPerSecond));
    }

    /** As its users get it, with persistence and telemetry off. */
    static BrokerUnderTest moquette(Path folder) throws IOException, InterruptedException {
        int port = freePort();
        Files.createDirectories(folder.resolve("config"));
        Files.writeString(folder.resolve("config/moquette.conf"), String.join("\n", "host 127.0.0.1", "port " + port,
            "allow_anonymous true", "persistence_enabled false", "telemetry_enabled false", ""));
        return java(folder, port, System.getProperty("java.class.path"), List.of("-Dmoquette.path=" + folder),
            "io.moquette.broker.Server");
    }

    static BrokerUnderTest mosquitto(Path folder) throws IOException, InterruptedException {
        int port = freePort();
        Path file = folder.resolve("mosquitto.conf");
        Files.writeString(file, "listener " + port + " 127.0.0.1\nallow_anonymous true\nlog_type none\n");
        return new BrokerUnderTest(new ProcessBuilder(Peers.need("mosquitto").toString(), "-c", file.toString())
            .redirectErrorStream(true).redirectOutput(new File("/dev/null")).start(), port);
    }

    /** With its journal, which syncs before it acknowledges. Its jars are fetched when they are needed for the first time. */
    static BrokerUnderTest artemis(Bench bench, Path folder) throws IOException, InterruptedException {
        Path jars = bench.out().resolve("peers/artemis");
        if (!Files.isDirectory(jars)) {
            int failed = new ProcessBuilder("mvn", "-q", "-B", "-f", bench.project().resolve("peer/artemis/pom.xml").toString(),
                "dependency:copy-dependencies", "-DoutputDirectory=" + jars).inheritIO().start().waitFor();
            if (failed != 0) {
                throw new IOException("Artemis could not be fetched");
            }
        }
        int port = freePort();
        Path etc = Files.createDirectories(folder.resolve("etc"));
        Files.writeString(etc.resolve("broker.xml"), """
            <configuration xmlns="urn:activemq"><core xmlns="urn:activemq:core">
              <persistence-enabled>true</persistence-enabled>
              <security-enabled>false</security-enabled>
              <journal-type>NIO</journal-type>
              <journal-directory>journal</journal-directory><bindings-directory>bindings</bindings-directory>
              <paging-directory>paging</paging-directory><large-messages-directory>large</large-messages-directory>
              <journal-sync-transactional>true</journal-sync-transactional>
              <journal-sync-non-transactional>true</journal-sync-non-transactional>
              <acceptors><acceptor name="mqtt">tcp://127.0.0.1:%d?protocols=MQTT</acceptor></acceptors>
            </core></configuration>
            """.formatted(port));
        return java(folder, port, jars + "/*", List.of(),
            "org.apache.activemq.artemis.core.server.embedded.Main", folder.toString());
    }

    /** The bytes of live objects in the product's broker. */
    long liveBytes() throws IOException {
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
        return Long.parseLong(new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))
            .readLine());
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
