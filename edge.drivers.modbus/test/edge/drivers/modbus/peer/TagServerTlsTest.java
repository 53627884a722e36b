// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.peer;

import static org.assertj.core.api.Assertions.assertThat;

import edge.api.health.HealthReport.Status;
import edge.api.value.DataType;
import edge.api.value.Value;
import edge.drivers.modbus.Await;
import edge.drivers.modbus.tagserver.TagServer;
import edge.drivers.modbus.tagserver.TagServers;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The gateway's tags over Modbus/TCP Security, read with OpenSSL. */
class TagServerTlsTest {
    private static final String MAP = """
        {"tags": [{"device": "plc", "tag": "level", "table": "input", "address": 0, "type": "uint16"}]}""";

    /** Arguments: the port, the folder, the authority, the client's certificate or none, the TLS version. */
    private static final String CLIENT = """
        import socket, ssl, struct, sys

        port, folder, ca, name, version = sys.argv[1:6]
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = context.maximum_version = getattr(ssl.TLSVersion, version)
        context.load_verify_locations(f'{folder}/{ca}.pem')
        if name != 'none':
            context.load_cert_chain(f'{folder}/{name}.pem', f'{folder}/{name}.key')

        def receive(s, count):
            data = b''
            while len(data) < count:
                more = s.recv(count - len(data))
                if not more:
                    raise ConnectionError('closed')
                data += more
            return data

        try:
            with socket.create_connection(('127.0.0.1', int(port)), 20) as raw, \\
                    context.wrap_socket(raw, server_hostname='127.0.0.1') as s:
                values = set()
                for burst in (1, 1, 1, 100):
                    s.sendall(struct.pack('>HHHBBHH', 7, 0, 6, 1, 4, 0, 1) * burst)
                    for _ in range(burst):
                        values.add(receive(s, 11)[-2:])
                s.sendall(struct.pack('>HHHBBHH', 7, 0, 6, 1, 6, 0, 1))
                print(*[int.from_bytes(v, 'big') for v in values], receive(s, 9)[-1])
        except (OSError, ConnectionError) as e:
            print('refused', type(e).__name__)
        """;

    @TempDir
    static Path folder;

    private final TagServers tags = new TagServers();
    private int port;
    private TagServer server;

    @BeforeAll
    static void certificates() throws Exception {
        Certificates.make(folder);
    }

    @BeforeEach
    void fill() {
        tags.set("plc/level", DataType.UINT16, Value.unsigned(4711));
    }

    @AfterEach
    void stop() {
        if (server != null) {
            TagServers.close(server);
        }
    }

    private void open(String keyStore, String caFile) {
        server = tags.open(0, "exception", 0, 60, MAP, new TagServers.Tls(folder, keyStore, caFile));
    }

    private String read(String authority, String certificate, String version) throws Exception {
        try (Peer peer = Peer.python(folder, CLIENT, port, folder, authority, certificate, version)) {
            List<String> lines = new ArrayList<>(peer.end());
            return lines.get(lines.size() - 1);
        }
    }

    @Test
    void a_client_with_a_certificate_reads_tags_and_nobody_else_does() throws Exception {
        open("server.p12", "ca.pem");
        port = TagServers.port(server);

        assertThat(read("ca", "client", "TLSv1_3")).isEqualTo("4711 1");
        assertThat(read("ca", "client", "TLSv1_2")).isEqualTo("4711 1");
        assertThat(read("ca", "none", "TLSv1_2")).as("without a certificate").startsWith("refused");
        assertThat(read("ca", "none", "TLSv1_3")).as("without a certificate").startsWith("refused");
        assertThat(read("ca", "other", "TLSv1_3")).as("a certificate of somebody else's").startsWith("refused");
        assertThat(read("other", "client", "TLSv1_3")).as("a client that does not trust the server").startsWith("refused");
        try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), port)) {
            plain.setSoTimeout(20_000);
            plain.getOutputStream().write(new byte[] {0, 1, 0, 0, 0, 6, 1, 4, 0, 0, 0, 1});
            byte[] answer = plain.getInputStream().readAllBytes();
            assertThat(answer.length == 0 || answer[0] == 21).as("nothing but a TLS alert").isTrue();
        }
        assertThat(read("ca", "client", "TLSv1_3")).as("after all that").isEqualTo("4711 1");
    }

    @Test
    void who_never_shows_a_certificate_keeps_nobody_out() throws Exception {
        open("server.p12", "ca.pem");
        port = TagServers.port(server);
        InetAddress elsewhere = InetAddress.getByName("127.0.0.2");
        List<Socket> silent = new ArrayList<>();
        try {
            for (int i = 0; i < 2; i++) {
                silent.add(new Socket(InetAddress.getLoopbackAddress(), port, elsewhere, 0));
            }
            assertThat(read("ca", "client", "TLSv1_3")).as("although all connections were taken").isEqualTo("4711 1");
            assertThat(silent.get(0).getInputStream().read()).as("the one that was silent for longest").isEqualTo(-1);
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }

    @Test
    void a_file_that_is_missing_or_wrong_is_named_and_nobody_is_served_in_clear() throws Exception {
        open("missing.p12", "ca.pem");
        Await.until("it is told", () -> server.check().status() == Status.WARN);
        assertThat(server.check().reason()).contains("keyStore").contains("missing.p12");
        TagServers.close(server);

        open("server.p12", "ca.key");
        Await.until("it is told", () -> server.check().status() == Status.WARN);
        assertThat(server.check().reason()).contains("caFile").contains("ca.key");
    }

    @Test
    void with_tls_any_address_may_be_listened_on_and_half_of_it_is_refused() {
        String rest = ", " + MAP.strip().substring(1);
        assertThat(TagServers.check("{\"host\": \"0.0.0.0\", \"keyStore\": \"a.p12\", \"caFile\": \"ca.pem\"" + rest)).isEmpty();
        for (String half : List.of("\"keyStore\": \"a.p12\"", "\"caFile\": \"ca.pem\"")) {
            assertThat(TagServers.check("{" + half + rest)).hasSize(1)
                .allSatisfy(problem -> assertThat(problem.message()).contains("belong together"));
        }
    }
}
