// SPDX-License-Identifier: Apache-2.0
package edge.test;

import static org.assertj.core.api.Assertions.assertThat;

import edge.json.Json;
import edge.test.support.DriverJar;
import edge.test.support.GatewayProcess;
import edge.test.support.Pki;
import edge.test.support.Program;
import edge.test.support.Until;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the author of a driver does: makes a project, brings it into a gateway, changes it. */
class AuthorTest {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final String NAME = "acme.drivers.kiln";
    private static final Path WORKSPACE = Path.of(System.getProperty("edge.workspace"));

    @TempDir
    static Path folder;
    private static GatewayProcess gateway;
    private static ServerSocket kiln;

    @BeforeAll
    static void start() throws Exception {
        kiln = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(AuthorTest::answer, "kiln");
        thread.setDaemon(true);
        thread.start();
        gateway = new GatewayProcess(folder.resolve("data"));
        gateway.start();
        try (Program made = Program.start(folder.resolve("new.log"), Map.of(), List.of(WORKSPACE.resolve("edge").toString(), "new",
            "driver", NAME, "--in", folder.toString()))) {
            assertThat(made.exitCode(Duration.ofMinutes(5))).as(made.output()).isZero();
        }
        Path configuration = folder.resolve(NAME).resolve("etc/" + NAME + "~kiln.cfg.json");
        Files.writeString(configuration, Files.readString(configuration).replace("4001", Integer.toString(kiln.getLocalPort())));
    }

    @AfterAll
    static void stop() throws IOException {
        gateway.close();
        kiln.close();
    }

    /** A device that is always at 20 degrees. */
    private static void answer() {
        while (!kiln.isClosed()) {
            try (Socket socket = kiln.accept();
                BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
                while (in.readLine() != null) {
                    socket.getOutputStream().write("20\n".getBytes(StandardCharsets.US_ASCII));
                }
            } catch (IOException e) {
                // The driver was replaced, or the test is over.
                continue;
            }
        }
    }

    private static Json.Obj temperature() throws Exception {
        return gateway.json("/api/v1/devices/kiln/tags/temperature").asObject();
    }

    private static void change(Path source, String from, String to) throws IOException {
        String text = Files.readString(source);
        assertThat(text).contains(from);
        Files.writeString(source, text.replace(from, to));
    }

    @Test
    void a_project_outside_of_the_workspace_is_in_a_remote_gateway_again_whenever_it_is_saved() throws Exception {
        Matcher fingerprint = Pattern.compile("SHA-256 ([0-9A-F:]+)").matcher(gateway.log());
        assertThat(fingerprint.find()).isTrue();
        Path project = folder.resolve(NAME);
        Path source = project.resolve("src/acme/drivers/kiln/Device.java");
        try (Program dev = Program.start(folder.resolve("dev.log"),
            Map.of("EDGE_TOKEN", GatewayProcess.MACHINE + ":" + GatewayProcess.SECRET),
            List.of(project.resolve("dev").toString(), "--to", "https://127.0.0.1:" + gateway.webPort(), "--fingerprint",
                fingerprint.group(1)))) {
            Until.holds(PATIENCE, "the first values", () -> dev.output() + gateway.log(),
                () -> gateway.get("/api/v1/devices/kiln").statusCode() == 200 && temperature().has("value")
                    && temperature().number("value", 0) == 20);

            change(source, "Double.parseDouble(answer)", "Double.parseDouble(answer) + 1000");
            Until.holds(PATIENCE, "the values of the new code", () -> dev.output() + gateway.log(),
                () -> temperature().has("value") && temperature().number("value", 0) == 1020);

            change(source, "package " + NAME + ";", "pakage " + NAME + ";");
            Until.holds(PATIENCE, "the place of the mistake", dev::output,
                () -> dev.output().contains("src/acme/drivers/kiln/Device.java:1:"));
            assertThat(temperature().number("value", 0)).isEqualTo(1020);

            change(source, "pakage " + NAME + ";", "package " + NAME + ";");
            change(source, "+ 1000", "+ 2000");
            Until.holds(PATIENCE, "the values after the mistake", () -> dev.output() + gateway.log(),
                () -> temperature().has("value") && temperature().number("value", 0) == 2020);
        }
    }

    @Test
    void a_stranger_is_not_let_in_and_a_stranger_is_not_talked_to() throws Exception {
        Path project = folder.resolve(NAME);
        String url = "https://127.0.0.1:" + gateway.webPort();
        try (Program dev = Program.start(folder.resolve("stranger.log"), Map.of("EDGE_TOKEN", "nobody:nothing"),
            List.of(project.resolve("dev").toString(), "--to", url, "--fingerprint", "00".repeat(32)))) {
            assertThat(dev.exitCode(PATIENCE)).isNotZero();
            assertThat(dev.output()).contains("another certificate");
        }
        try (Program dev = Program.start(folder.resolve("unpinned.log"), Map.of("EDGE_TOKEN", "nobody:nothing"),
            List.of(project.resolve("dev").toString(), "--to", url))) {
            assertThat(dev.exitCode(PATIENCE)).isNotZero();
            assertThat(dev.output()).contains("--fingerprint");
        }
    }

    @Test
    void a_bundle_is_signed_with_the_key_of_its_author_and_a_wrong_password_changes_nothing() throws Exception {
        Pki pki = new Pki(Files.createDirectories(folder.resolve("pki"))).key("acme", "Acme Drivers");
        Path jar = new DriverJar("acme.signed", "1.0.0").write(folder);
        byte[] unsigned = Files.readAllBytes(jar);

        try (Program wrong = sign(jar, pki, "a wrong password")) {
            assertThat(wrong.exitCode(PATIENCE)).isNotZero();
            assertThat(wrong.output()).contains("password was incorrect").doesNotContain("Exception");
        }
        assertThat(jar).hasBinaryContent(unsigned);
        try (Program right = sign(jar, pki, Pki.PASSWORD)) {
            assertThat(right.exitCode(PATIENCE)).as(right.output()).isZero();
            assertThat(right.output()).contains(jar + " is signed by acme");
        }
        assertThat(Pki.run(List.of(Pki.tool("jarsigner"), "-verify", jar.toString()))).contains("jar verified");
    }

    private static Program sign(Path jar, Pki pki, String password) {
        return Program.start(folder.resolve("sign-" + password.length() + ".log"), Map.of("EDGE_SIGN_PASSWORD", password),
            List.of(WORKSPACE.resolve("edge").toString(), "sign", jar.toString(), "--key", pki.keys().toString()));
    }
}
