// SPDX-License-Identifier: Apache-2.0
package edge.broker.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import edge.broker.Rig;
import edge.broker.conformance.Exchange.Heard;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same bytes are sent to Mosquitto and to this broker, and every packet that comes back is compared, byte by byte, with its
 * packet ids. Where the two differ and may: see docs/reference/mqtt-conformance.md.
 */
class MosquittoOracleTest extends OnTheWire {

    private static final Path MOSQUITTO = Path.of("/usr/sbin/mosquitto");

    @TempDir
    static Path home;
    private static Process mosquitto;
    private static int oracle;

    @BeforeAll
    static void startMosquitto() {
        boolean there = Files.isExecutable(MOSQUITTO);
        if (!there && "1".equals(System.getenv("EDGE_REQUIRE_PEERS"))) {
            throw new AssertionError("mosquitto is missing (package mosquitto)");
        }
        assumeTrue(there, "mosquitto is missing (package mosquitto)");
        launch();
        Rig.awaitTrue(() -> {
            try (Socket socket = new Socket("127.0.0.1", oracle)) {
                return socket.isConnected();
            } catch (IOException e) {
                if (!mosquitto.isAlive()) {
                    // Somebody else has got its port meanwhile.
                    launch();
                }
                return false;
            }
        }, "mosquitto listens");
    }

    private static void launch() {
        try {
            try (ServerSocket free = new ServerSocket(0)) {
                oracle = free.getLocalPort();
            }
            Path configuration = Files.writeString(home.resolve("mosquitto.conf"), "listener " + oracle + " 127.0.0.1\n"
                + "allow_anonymous true\npersistence false\nset_tcp_nodelay true\n");
            mosquitto = new ProcessBuilder(MOSQUITTO.toString(), "-c", configuration.toString()).redirectErrorStream(true)
                .redirectOutput(home.resolve("mosquitto.log").toFile()).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterAll
    static void stopMosquitto() throws InterruptedException {
        if (mosquitto != null) {
            mosquitto.destroy();
            assertThat(mosquitto.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    static List<Script> scripts() {
        return Script.ALL;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("scripts")
    void the_same_packets_come_back(Script script) throws IOException {
        List<Heard> expected = Exchange.play(script.text(), oracle);
        assertThat(expected).as("it is answered at all").anyMatch(heard -> !heard.packets().isEmpty());
        assertThat(text(Exchange.play(script.text(), rig.port(), expected))).isEqualTo(text(expected));
    }

    private static String text(List<Heard> heard) {
        return heard.stream().map(Heard::toString).collect(Collectors.joining("\n"));
    }
}
