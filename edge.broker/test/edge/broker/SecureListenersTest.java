// SPDX-License-Identifier: Apache-2.0
package edge.broker;

import static org.assertj.core.api.Assertions.assertThat;

import edge.broker.Settings.Limits;
import edge.broker.conformance.Normative;
import edge.broker.net.ListenerSettings;
import edge.broker.net.ListenerSettings.ClientCertificates;
import edge.broker.net.ListenerSettings.Protocol;
import edge.broker.net.TlsSettings;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS and WebSocket, with openssl's certificates and Mosquitto's clients. */
class SecureListenersTest {

    @TempDir
    static Path folder;

    @BeforeAll
    static void certificates() throws Exception {
        ca("ca");
        ca("stranger");
        issue("server", "ca", "localhost", 365);
        issue("server2", "ca", "localhost", 365);
        issue("plc", "ca", "sensor", 365);
        issue("unknown", "stranger", "sensor", 365);
        issue("revoked", "ca", "sensor", 365);
        Files.writeString(folder.resolve("ca.cnf"), "[ca]\ndefault_ca=d\n[d]\ndatabase=" + folder + "/index.txt\n"
            + "crlnumber=" + folder + "/crlnumber\ndefault_md=sha256\ndefault_crl_days=30\n");
        Files.writeString(folder.resolve("index.txt"), "");
        Files.writeString(folder.resolve("crlnumber"), "01\n");
        run("openssl", "ca", "-config", "ca.cnf", "-cert", "ca.pem", "-keyfile", "ca.key", "-revoke", "revoked.pem");
        run("openssl", "ca", "-config", "ca.cnf", "-cert", "ca.pem", "-keyfile", "ca.key", "-gencrl", "-out", "crl.pem");
    }

    private static void ca(String name) throws Exception {
        run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout",
            name + ".key", "-out", name + ".pem", "-days", "365", "-subj", "/CN=" + name);
    }

    private static void issue(String name, String ca, String subject, int days) throws Exception {
        run("openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout",
            name + ".key", "-out", name + ".csr", "-subj", "/CN=" + subject);
        Files.writeString(folder.resolve("san"), "subjectAltName=DNS:localhost,IP:127.0.0.1\n");
        run("openssl", "x509", "-req", "-in", name + ".csr", "-CA", ca + ".pem", "-CAkey", ca + ".key", "-CAcreateserial",
            "-days", Integer.toString(days), "-extfile", "san", "-out", name + ".pem");
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
        // Nothing to read: openssl's client does not stay for more.
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return process.exitValue() + " " + output;
    }

    private static Settings settings(boolean revocation) {
        List<ListenerSettings> listeners = List.of(
            new ListenerSettings("tls", Protocol.MQTTS, "127.0.0.1", 0, false, ClientCertificates.NONE),
            new ListenerSettings("mutual", Protocol.MQTTS, "127.0.0.1", 0, false, ClientCertificates.REQUIRED),
            new ListenerSettings("ws", Protocol.WS, "127.0.0.1", 0, false, ClientCertificates.NONE),
            new ListenerSettings("wss", Protocol.WSS, "127.0.0.1", 0, false, ClientCertificates.NONE));
        Settings d = Rig.settings(listeners, Limits.DEFAULTS, Duration.ofSeconds(10), Duration.ofSeconds(30));
        return new Settings(d.listeners(), new TlsSettings(Optional.of(folder.resolve("server.pem")),
            Optional.of(folder.resolve("server.key")), Optional.of(folder.resolve("ca.pem")),
            revocation ? Optional.of(folder.resolve("crl.pem")) : Optional.empty(), Path.of("")), Path.of(""), d.limits(),
            d.connectTimeout(), d.acknowledgeTimeout(), d.sessionExpiry());
    }

    private static int port(Rig rig, String name) {
        rig.await(() -> rig.broker.status().listeners().stream().allMatch(l -> l.listening()), "all listen");
        return rig.broker.port(name).orElseThrow();
    }

    private static String publish(int port, String... more) throws Exception {
        java.util.ArrayList<String> command = new java.util.ArrayList<>(List.of("mosquitto_pub", "-h", "localhost", "-p",
            Integer.toString(port), "--cafile", "ca.pem", "-q", "1", "-t", "a/b", "-m", "x"));
        command.addAll(List.of(more));
        return run(command.toArray(String[]::new));
    }

    @Test
    void a_client_signs_in_over_tls_with_name_and_secret_or_with_its_certificate() throws Exception {
        try (Rig rig = Rig.listening(settings(true))) {
            assertThat(publish(port(rig, "tls"), "-u", "sensor", "-P", "sensor-secret")).startsWith("0 ");
            assertThat(publish(port(rig, "tls"), "-u", "sensor", "-P", "wrong")).startsWith("4 ");
            assertThat(publish(port(rig, "tls"))).as("anonymous").startsWith("4 ");
            assertThat(publish(port(rig, "mutual"), "--cert", "plc.pem", "--key", "plc.key")).startsWith("0 ");
            assertThat(publish(port(rig, "mutual"))).as("no certificate").doesNotStartWith("0 ");
            assertThat(publish(port(rig, "mutual"), "--cert", "unknown.pem", "--key", "unknown.key")).doesNotStartWith("0 ");
            assertThat(publish(port(rig, "mutual"), "--cert", "revoked.pem", "--key", "revoked.key")).doesNotStartWith("0 ");
            assertThat(publish(port(rig, "mutual"), "--cert", "plc.pem", "--key", "plc.key", "-u", "other"))
                .as("another name than the certificate's").doesNotStartWith("0 ");
            assertThat(rig.broker.figures().refusals()).containsKey("TLS");
        }
    }

    @Test
    void old_protocols_and_weak_ciphers_are_refused() throws Exception {
        try (Rig rig = Rig.listening(settings(false))) {
            String at = "localhost:" + port(rig, "tls");
            assertThat(run("openssl", "s_client", "-connect", at, "-tls1_3")).startsWith("0 ");
            assertThat(run("openssl", "s_client", "-connect", at, "-tls1_2")).startsWith("0 ");
            for (String[] weak : new String[][] {{"-tls1_1", "-cipher", "ALL:@SECLEVEL=0"}, {"-tls1", "-cipher", "ALL:@SECLEVEL=0"},
                {"-tls1_2", "-cipher", "AES128-SHA:AES128-GCM-SHA256"}, {"-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA"},
                {"-tls1_2", "-cipher", "aNULL:@SECLEVEL=0"}}) {
                java.util.ArrayList<String> command = new java.util.ArrayList<>(List.of("openssl", "s_client", "-connect", at));
                command.addAll(List.of(weak));
                assertThat(run(command.toArray(String[]::new))).as(String.join(" ", weak)).doesNotStartWith("0 ");
            }
        }
    }

    @Test
    void a_new_certificate_is_shown_to_new_connections_and_ends_no_session() throws Exception {
        Files.copy(folder.resolve("server.pem"), folder.resolve("live.pem"), StandardCopyOption.REPLACE_EXISTING);
        Files.copy(folder.resolve("server.key"), folder.resolve("live.key"), StandardCopyOption.REPLACE_EXISTING);
        Settings s = settings(false);
        Settings live = new Settings(s.listeners(), new TlsSettings(Optional.of(folder.resolve("live.pem")),
            Optional.of(folder.resolve("live.key")), s.tls().clientCa(), Optional.empty(), Path.of("")), s.folder(), s.limits(),
            s.connectTimeout(), s.acknowledgeTimeout(), s.sessionExpiry());
        try (Rig rig = Rig.listening(live)) {
            String at = "localhost:" + port(rig, "tls");
            String before = serial(at);
            Process sub = new ProcessBuilder("mosquitto_sub", "-h", "localhost", "-p", Integer.toString(port(rig, "tls")),
                "--cafile", folder.resolve("ca.pem").toString(), "-u", "panel", "-P", "panel-secret", "-t", "a/b", "-C", "1",
                "-W", "90").start();
            rig.await(() -> rig.broker.status().clients().size() == 1, "it is connected");
            Files.copy(folder.resolve("server2.pem"), folder.resolve("live.pem"), StandardCopyOption.REPLACE_EXISTING);
            Files.copy(folder.resolve("server2.key"), folder.resolve("live.key"), StandardCopyOption.REPLACE_EXISTING);
            rig.await(() -> {
                try {
                    return !serial(at).equals(before);
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            }, "the new certificate is shown");
            assertThat(publish(port(rig, "tls"), "-u", "sensor", "-P", "sensor-secret")).startsWith("0 ");
            assertThat(new String(sub.getInputStream().readAllBytes(), StandardCharsets.UTF_8)).contains("x");
        }
    }

    private static String serial(String at) throws Exception {
        return run("sh", "-c", "echo | openssl s_client -connect " + at + " 2>/dev/null | openssl x509 -noout -serial");
    }

    @Test
    void without_a_certificate_the_gateway_makes_its_own() {
        Settings own = Rig.settings(new ListenerSettings("tls", Protocol.MQTTS, "127.0.0.1", 0, false, ClientCertificates.NONE),
            Limits.DEFAULTS);
        try (Rig rig = Rig.listening(own)) {
            port(rig, "tls");
            assertThat(rig.broker.status().listeners()).singleElement().satisfies(l -> assertThat(l.problem()).isEmpty());
        }
    }

    @Normative({"6.0.0-1", "6.0.0-2", "6.0.0-4"})
    @Test
    void mqtt_travels_in_websocket_frames_of_any_size_and_text_frames_end_the_connection() throws Exception {
        try (Rig rig = Rig.listening(settings(false))) {
            try (Socket socket = upgraded(port(rig, "ws"))) {
                byte[] connect = RawClient.connect("web", "sensor", "sensor-secret", true);
                // One packet in three frames, then two packets in one.
                frame(socket, 2, java.util.Arrays.copyOfRange(connect, 0, 1));
                frame(socket, 2, java.util.Arrays.copyOfRange(connect, 1, 9));
                frame(socket, 2, java.util.Arrays.copyOfRange(connect, 9, connect.length));
                assertThat(socket.getInputStream().readNBytes(6)).containsExactly(0x82, 4, 0x20, 2, 0, 0);
                byte[] ping = RawClient.ping();
                frame(socket, 2, new byte[] {ping[0], ping[1], ping[0], ping[1]});
                assertThat(socket.getInputStream().readNBytes(6)).containsExactly(0x82, 4, 0xD0, 0, 0xD0, 0);
                frame(socket, 1, new byte[] {'x'});
                byte[] rest = socket.getInputStream().readAllBytes();
                assertThat(rest.length == 0 || rest[0] == (byte) 0x88).as("closed, or told so first").isTrue();
            }
            assertThat(rig.broker.status().listeners()).hasSize(4);
        }
    }

    @Test
    void a_client_that_is_refused_and_writes_on_reads_its_connack_over_tls_and_websocket_too() throws Exception {
        byte[] connect = RawClient.connect("c", "sensor", "wrong", true);
        try (Rig rig = Rig.listening(settings(false))) {
            try (Socket socket = TestTrust.of(folder.resolve("ca.pem")).createSocket("127.0.0.1", port(rig, "tls"))) {
                socket.setSoTimeout(30_000);
                socket.getOutputStream().write(connect);
                socket.getOutputStream().write(new byte[300_000]);
                assertThat(socket.getInputStream().readAllBytes()).as("the CONNACK and an end in order").containsExactly(0x20, 2, 0, 4);
            }
            try (Socket socket = upgraded(port(rig, "ws"))) {
                frame(socket, 2, connect);
                for (int i = 0; i < 5; i++) {
                    frame(socket, 2, new byte[60_000]);
                }
                assertThat(socket.getInputStream().readAllBytes()).as("the CONNACK, a close frame and the end")
                    .startsWith(0x82, 4, 0x20, 2, 0, 4, 0x88);
            }
            rig.await(() -> rig.broker.figures().connections() == 0, "no connection is left");
        }
    }

    private static Socket upgraded(int port) throws IOException {
        Socket socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(30_000);
        socket.getOutputStream().write(("GET /mqtt HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII));
        StringBuilder answer = new StringBuilder();
        while (answer.indexOf("\r\n\r\n") < 0) {
            answer.append((char) socket.getInputStream().read());
        }
        assertThat(answer.toString()).startsWith("HTTP/1.1 101").containsIgnoringCase("sec-websocket-protocol: mqtt");
        return socket;
    }

    private static void frame(Socket socket, int opcode, byte[] payload) throws IOException {
        boolean isShort = payload.length < 126;
        ByteBuffer frame = ByteBuffer.allocate(8 + payload.length).put((byte) (0x80 | opcode))
            .put((byte) (0x80 | (isShort ? payload.length : 126)));
        if (!isShort) {
            frame.putShort((short) payload.length);
        }
        // Masked with zeros.
        frame.putInt(0).put(payload);
        socket.getOutputStream().write(frame.array(), 0, frame.position());
    }
}
