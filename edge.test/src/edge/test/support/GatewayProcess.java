// SPDX-License-Identifier: Apache-2.0
package edge.test.support;

import edge.json.Json;
import edge.json.JsonParser;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** The distribution, started as its user starts it, on a data directory of the test and on free ports. */
public final class GatewayProcess implements AutoCloseable {

    public static final String ADMINISTRATOR = "ada";
    public static final String PASSWORD = "correct horse battery";
    public static final String MACHINE = "tester";
    public static final String SECRET = "a secret that only this test knows, long enough";

    private static final Duration START = Duration.ofSeconds(120);

    private final Path data;
    private final int webPort;
    private final int mqttPort;
    private final HttpClient http;
    private final Map<String, String> environment = new HashMap<>();
    private Program program;

    /** Prepares a gateway on an empty data directory: unattended set-up, and listeners on free ports of the loopback. */
    public GatewayProcess(Path data) throws Exception {
        this(data, Program.freePort(), Program.freePort());
        prepare();
    }

    /** A gateway on a data directory that may have been {@linkplain #prepare prepared} before, with these ports. */
    public GatewayProcess(Path data, int webPort, int mqttPort) throws Exception {
        this.data = data;
        this.webPort = webPort;
        this.mqttPort = mqttPort;
        this.http = HttpClient.newBuilder().sslContext(trustingAll()).connectTimeout(Duration.ofSeconds(20)).build();
    }

    /** Writes what an empty data directory needs before the first start. */
    public void prepare() throws Exception {
        Files.createDirectories(data.resolve("access"));
        Files.writeString(data.resolve("access/first-run.json"), """
            {"administrator": {"name": "%s", "password": "%s"},
             "machines": [{"name": "%s", "secretSha256": "%s", "role": "administrator"}]}
            """.formatted(ADMINISTRATOR, PASSWORD, MACHINE, HexFormat.of().formatHex(
                MessageDigest.getInstance("SHA-256").digest(SECRET.getBytes(StandardCharsets.UTF_8)))));
        configure("edge.web", "{\"host\": \"127.0.0.1\", \"port\": " + webPort + "}");
        configure("edge.broker", "{\"host\": \"127.0.0.1\", \"port\": " + mqttPort + "}");
    }

    /** Writes a file of the desired state, as an editor or a configuration manager does. */
    public void configure(String pid, String json) throws IOException {
        Path etc = Files.createDirectories(data.resolve("etc"));
        Files.writeString(etc.resolve(pid + ".cfg.json"), json);
    }

    /** A driver configuration that reads the {@link Plc} every 100 ms. */
    public void readPlc(String device, int port) throws IOException {
        configure("edge.drivers.modbus~" + device, """
            {"host": "127.0.0.1", "port": %d, "unit": 1, "timeout": 5000, "tags": [
              {"name": "count", "table": "holding", "address": 0, "type": "uint16", "period": 100},
              {"name": "temperature", "table": "holding", "address": 1, "type": "int16", "scale": 0.1, "unit": "°C",
               "period": 100},
              {"name": "pressure", "table": "holding", "address": 2, "type": "float32", "unit": "hPa", "period": 100}
            ]}
            """.formatted(port));
    }

    /** An uplink to the {@link Cloud} for every stream. */
    public void sendTo(String name, int port) throws IOException {
        configure("edge.cloudconnector.mqtt~" + name, """
            {"host": "127.0.0.1", "port": %d, "tls": false, "user": "%s", ".password": "%s"}
            """.formatted(port, Cloud.USER, Cloud.PASSWORD));
    }

    /** An environment variable of the next start. */
    public void environment(String name, String value) {
        environment.put(name, value);
    }

    public Path data() {
        return data;
    }

    public int webPort() {
        return webPort;
    }

    public int mqttPort() {
        return mqttPort;
    }

    /** The process id of the gateway's JVM, which the start script supervises. */
    public long pid() {
        return program.worker("java");
    }

    public Program program() {
        return program;
    }

    /** Starts it on the Java of this test and returns when it answers people and machines. */
    public void start() {
        start(Path.of(System.getProperty("java.home")));
    }

    public void start(Path javaHome) {
        start(javaHome, START);
    }

    /** @param patience how long it may take until it answers */
    public void start(Path javaHome, Duration patience) {
        launch(javaHome);
        Until.holds(patience, "the gateway to answer", this::log, () -> {
            if (!program.isAlive()) {
                throw new AssertionError("the gateway ended:\n" + log());
            }
            // The one may be there before the other.
            return get("/api/v1/gateway").statusCode() == 200 && Program.listens(mqttPort);
        });
    }

    /** Starts the process and does not wait. */
    public void launch(Path javaHome) {
        environment("JAVA_HOME", javaHome.toString());
        program = Program.start(data.resolveSibling(data.getFileName() + ".log"), environment,
            List.of(distribution().resolve("bin/edge-gateway").toString(), "--data", data.toString()));
    }

    public static Path distribution() {
        return Path.of(System.getProperty("edge.distribution"));
    }

    public void kill() {
        program.kill();
    }

    public int stop() {
        return program.stop();
    }

    public String log() {
        return program == null ? "" : program.output();
    }

    public HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send("GET", path, BodyPublishers.noBody(), Map.of());
    }

    public Json json(String path) throws Exception {
        HttpResponse<String> response = get(path);
        if (response.statusCode() != 200) {
            throw new IOException(path + ": " + response.statusCode() + " " + response.body());
        }
        return JsonParser.parse(response.body());
    }

    /** A call on behalf of the machine account. */
    public HttpResponse<String> send(String method, String path, BodyPublisher body, Map<String, String> headers)
        throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + webPort + path))
            .timeout(Duration.ofSeconds(120)).method(method, body)
            .header("Authorization", "Bearer " + MACHINE + ":" + SECRET);
        headers.forEach(request::header);
        return http.send(request.build(), BodyHandlers.ofString());
    }

    /** The uplink's state as the API tells it. */
    public Optional<Json.Obj> uplink(String name) throws Exception {
        for (Json uplink : items("/api/v1/uplinks")) {
            if (uplink.asObject().text("name").equals(name)) {
                return Optional.of(uplink.asObject());
            }
        }
        return Optional.empty();
    }

    public List<Json> items(String path) throws Exception {
        return json(path).asObject().get("items").asArray();
    }

    @Override
    public void close() {
        if (program != null) {
            program.close();
        }
    }

    /** The gateway's certificate is its own: the tests of TLS are elsewhere. */
    private static SSLContext trustingAll() throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new X509ExtendedTrustManager() {
            @Override
            public void checkClientTrusted(X509Certificate[] chain, String type) {
                throw new UnsupportedOperationException();
            }

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String type) {
                // Any.
            }

            @Override
            public void checkClientTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {
                throw new UnsupportedOperationException();
            }

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {
                // Any, and any name.
            }

            @Override
            public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
                throw new UnsupportedOperationException();
            }

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
                // Any, and any name.
            }

            @Override
            public X509Certificate[] getAcceptedIssuers() {
                return new X509Certificate[0];
            }
        }}, null);
        return context;
    }
}
