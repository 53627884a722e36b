// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program that others wrote. Where it is missing the test is skipped, or fails if peers are required. */
public final class Peer implements AutoCloseable {
    private static final Path PYTHON = Path.of("/usr/bin/python3");

    private final Process process;
    private final BufferedReader out;

    private Peer(List<String> command) throws IOException {
        process = new ProcessBuilder(command).redirectErrorStream(true).start();
        out = process.inputReader();
    }

    /** Runs a Python script, with Debian's pymodbus. */
    public static Peer python(Path folder, String script, Object... arguments) throws Exception {
        if (!Files.isExecutable(PYTHON)
            || new ProcessBuilder(PYTHON.toString(), "-c", "import pymodbus.server, pymodbus.client").start().waitFor() != 0) {
            missing("python3-pymodbus with python3-serial-asyncio");
        }
        Path file = Files.writeString(folder.resolve("peer.py"), script);
        return new Peer(command(PYTHON.toString(), file, arguments));
    }

    public static Peer program(String name, Object... arguments) throws Exception {
        Path path = Path.of("/usr/bin", name);
        if (!Files.isExecutable(path)) {
            missing(name);
        }
        return new Peer(command(path.toString(), null, arguments));
    }

    /** The workspace's own script, as its user calls it. */
    public static Peer edge(Object... arguments) throws IOException {
        Path script = Path.of(System.getProperty("edge.workspace", ".."), "edge").toAbsolutePath().normalize();
        return new Peer(command(script.toString(), null, arguments));
    }

    private static List<String> command(String program, Path file, Object... arguments) {
        List<String> command = new ArrayList<>(List.of(program));
        if (file != null) {
            command.add(file.toString());
        }
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return command;
    }

    private static void missing(String name) {
        if ("1".equals(System.getenv("EDGE_REQUIRE_PEERS"))) {
            fail(name + " is not installed, and peers are required here");
        }
        abort(name + " is not installed");
    }

    /** The next line of its output. */
    public String line() throws IOException {
        return out.readLine();
    }

    /** Everything that it still prints, when it has ended well. */
    public List<String> end() throws Exception {
        return end(0);
    }

    /** Everything that it still prints, when it has ended with this status. */
    public List<String> end(int status) throws Exception {
        List<String> lines = out.lines().toList();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(String.join("\n", lines)).isEqualTo(status);
        return lines;
    }

    /** Sends it a line. */
    public void say(String line) throws IOException {
        process.getOutputStream().write((line + "\n").getBytes(java.nio.charset.StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    /** Tells it to end, and waits until it has. */
    public void stop() throws Exception {
        process.destroy();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    }
}
