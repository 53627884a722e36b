// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.support;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** A cloud played by Debian's mosquitto: a login, durable sessions, and TLS where wanted. */
public final class Mosquitto implements AutoCloseable {

    public static final String USER = "plant-7";
    public static final String PASSWORD = "not a secret, only a test";

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Path folder;
    private final int port;
    private final List<String> extra;
    private Process process;

    /** @param extra further lines of its configuration, for the listener */
    public Mosquitto(Path folder, String... extra) throws Exception {
        this.folder = folder;
        this.port = freePort();
        this.extra = List.of(extra);
        Path passwords = folder.resolve("passwords");
        Files.writeString(passwords, "");
        run(program("mosquitto_passwd"), "-b", passwords.toString(), USER, PASSWORD);
        start();
    }

    public int port() {
        return port;
    }

    public void start() throws Exception {
        List<String> lines = new ArrayList<>(List.of("listener " + port + " 127.0.0.1", "allow_anonymous false",
            "password_file " + folder.resolve("passwords"), "user root", "persistence true",
            "persistence_location " + folder + "/", "max_queued_messages 0", "max_inflight_messages 0",
            "max_keepalive 65535"));
        lines.addAll(extra);
        Path configuration = Files.write(folder.resolve("mosquitto.conf"), lines);
        process = new ProcessBuilder(program("mosquitto"), "-c", configuration.toString(), "-v").redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.to(log().toFile())).start();
        Until.holds(PATIENCE, () -> Files.readString(log()), () -> {
            if (!process.isAlive()) {
                throw new AssertionError("mosquitto ended: " + Files.readString(log()));
            }
            return listens(port);
        });
    }

    private Path log() {
        return folder.resolve("mosquitto.log");
    }

    /** Ends it in order: what it has acknowledged and not passed on is written to its own disk. */
    public void stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("mosquitto does not end");
        }
    }

    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /** The path of a program of Debian's packages; without it the test is skipped, or fails where peers are required. */
    public static String program(String name) {
        Optional<Path> found = Stream.concat(Stream.of(System.getenv("PATH").split(":")),
            Stream.of("/usr/sbin", "/usr/bin")).map(place -> Path.of(place, name)).filter(Files::isExecutable).findFirst();
        if (found.isEmpty() && "1".equals(System.getenv("EDGE_REQUIRE_PEERS"))) {
            Assertions.fail(name + " is not installed, and peers are required");
        }
        Assumptions.assumeTrue(found.isPresent(), name + " is not installed");
        return found.get().toString();
    }

    static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + output);
        }
    }

    /** A port that nothing listens on now. */
    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
