// SPDX-License-Identifier: Apache-2.0
package edge.broker.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import edge.broker.Rig;
import edge.broker.Settings;
import edge.broker.Settings.Limits;
import edge.broker.conformance.Normative;
import edge.broker.net.ListenerSettings;
import edge.broker.net.ListenerSettings.ClientCertificates;
import edge.broker.net.ListenerSettings.Protocol;
import edge.broker.net.TlsSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients of other makes do what clients do. Mosquitto's have tests of their own. */
class ClientsTest {

    private static final Path SCRIPTS = Path.of(System.getProperty("edge.workspace", ".."), "edge.broker", "test", "edge", "broker",
        "clients");
    private static final String PYTHON = "/usr/bin/python3";
    /** Where Debian has Node's modules. */
    private static final Map<String, String> ENVIRONMENT = Map.of("NODE_PATH", "/usr/share/nodejs");

    /** Which programs are there. */
    private static final Map<String, Boolean> FOUND = new ConcurrentHashMap<>();

    @TempDir
    static Path folder;
    private Rig rig;

    @BeforeAll
    static void certificate() throws Exception {
        assertThat(run(List.of("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-keyout", "server.key", "-out", "server.pem", "-days", "30", "-subj", "/CN=localhost", "-addext",
            "subjectAltName=DNS:localhost,IP:127.0.0.1"))).startsWith("0 ");
    }

    @BeforeEach
    void start() {
        List<ListenerSettings> listeners = new ArrayList<>();
        for (Protocol protocol : Protocol.values()) {
            listeners.add(new ListenerSettings(protocol.name(), protocol, "127.0.0.1", 0, false, ClientCertificates.NONE));
        }
        Settings d = Rig.settings(listeners, Limits.DEFAULTS, Duration.ofSeconds(10), Duration.ofSeconds(30));
        rig = new Rig(new Settings(d.listeners(), new TlsSettings(Optional.of(folder.resolve("server.pem")),
            Optional.of(folder.resolve("server.key")), Optional.empty(), Optional.empty(), Path.of("")), Path.of(""), d.limits(),
            d.connectTimeout(), d.acknowledgeTimeout(), d.sessionExpiry()));
        int all = Protocol.values().length;
        rig.await(() -> rig.broker.status().listeners().stream().filter(listener -> listener.listening()).count() == all, "all listen");
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private static String run(List<String> command) throws IOException, InterruptedException {
        Path output = Files.createTempFile(folder, "output", ".txt");
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true)
            .redirectOutput(output.toFile());
        builder.environment().putAll(ENVIRONMENT);
        Process process = builder.start();
        boolean ended = process.waitFor(120, TimeUnit.SECONDS);
        process.destroyForcibly();
        return (ended ? process.exitValue() : "killed after two minutes:") + " " + Files.readString(output);
    }

    private static boolean isThere(List<String> command) {
        try {
            return run(command).startsWith("0 ");
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void need(String what, String names, List<String> command) {
        boolean there = FOUND.computeIfAbsent(what, none -> isThere(command));
        if (!there && "1".equals(System.getenv("EDGE_REQUIRE_PEERS"))) {
            throw new AssertionError(what + " is missing (" + names + ")");
        }
        assumeTrue(there, what + " is missing (" + names + ")");
    }

    private void does(String what, String... program) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(program));
        command.add(what);
        for (Protocol protocol : List.of(Protocol.MQTT, Protocol.MQTTS, Protocol.WS, Protocol.WSS)) {
            command.add(Integer.toString(rig.broker.port(protocol.name()).orElseThrow()));
        }
        command.add(folder.resolve("server.pem").toString());
        assertThat(run(command)).startsWith("0 ");
    }

    @Normative({"7.0.0-2", "7.1.1-1"})
    @ParameterizedTest
    @ValueSource(strings = {"clean-session", "kept-session", "every-qos", "retained", "will", "wildcards", "tls", "websocket",
        "secure-websocket", "wrong-password"})
    void paho_for_python_does(String what) throws Exception {
        need("Paho for Python", "package python3-paho-mqtt", List.of(PYTHON, "-c", "import paho.mqtt.client"));
        does(what, PYTHON, SCRIPTS.resolve("paho_client.py").toAbsolutePath().toString());
    }

    @Normative({"7.0.0-2", "7.1.1-1"})
    @ParameterizedTest
    @ValueSource(strings = {"clean-session", "kept-session", "every-qos", "retained", "will", "wildcards", "tls", "websocket",
        "secure-websocket", "wrong-password"})
    void mqtt_js_does(String what) throws Exception {
        need("MQTT.js", "packages nodejs and node-mqtt", List.of("node", "-e", "require('mqtt')"));
        does(what, "node", SCRIPTS.resolve("node_client.js").toAbsolutePath().toString());
    }

    @Normative({"7.0.0-2", "7.1.1-1"})
    @ParameterizedTest
    @ValueSource(strings = {"clean-session", "kept-session", "every-qos", "retained", "will", "wildcards", "tls", "websocket",
        "secure-websocket", "wrong-password"})
    void paho_for_java_does(String what) throws Exception {
        new PahoForJava(what, folder.resolve("server.pem"), protocol -> rig.broker.port(protocol.name()).orElseThrow()).run();
    }
}
