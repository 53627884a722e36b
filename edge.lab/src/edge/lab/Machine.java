// SPDX-License-Identifier: Apache-2.0
package edge.lab;

import edge.test.support.Program;
import edge.test.support.Until;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A virtual machine that runs commands, one after the other, as root. */
public final class Machine implements AutoCloseable {

    private static final Duration LIFE = Duration.ofMinutes(30);
    private static final Duration BOOT = Duration.ofSeconds(180);
    private static final Duration COMMAND = Duration.ofSeconds(120);
    private static final Duration END = Duration.ofSeconds(30);

    private final Path exchange;
    private final Program program;
    private int number;

    private Machine(Path exchange, Program program) {
        this.exchange = exchange;
        this.program = program;
    }

    /**
     * Boots.
     *
     * @param folder an empty folder, in the guest {@code /lab}; it can be read and written by both sides
     * @param arguments more arguments of {@code lab boot}
     */
    public static Machine boot(Path folder, List<String> arguments) throws IOException {
        Files.createDirectories(folder);
        Files.copy(Lab.folder().resolve("guest/agent"), folder.resolve("agent"));
        Files.copy(Lab.folder().resolve("guest/board"), folder.resolve("board"));
        List<String> command = new ArrayList<>(List.of("boot", "--limit", Long.toString(LIFE.toSeconds()), "--exchange",
            folder.toString()));
        command.addAll(arguments);
        command.addAll(List.of("--", "sh", "/lab/agent"));
        Machine machine = new Machine(folder, Lab.run(folder.resolveSibling(folder.getFileName() + ".log"), command));
        try {
            machine.run(BOOT, "true");
            return machine;
        } catch (AssertionError e) {
            machine.program.kill();
            throw e;
        }
    }

    /** Runs a shell script and gives what it printed, without the last line's end. It must exit with 0. */
    public String run(String script) {
        return run(COMMAND, script);
    }

    public String run(Duration atMost, String script) {
        number++;
        Path answer = exchange.resolve(number + ".rc");
        try {
            put(script);
            Until.holds(atMost, "the guest to run '" + script + "'", this::log, () -> {
                if (!program.isAlive()) {
                    throw new AssertionError("the machine ended:\n" + log());
                }
                return Files.exists(answer);
            });
            String output = Files.readString(exchange.resolve(number + ".out")).stripTrailing();
            String status = Files.readString(answer).trim();
            if (!status.equals("0")) {
                throw new AssertionError("'" + script + "' in the guest exited with " + status + ":\n" + output);
            }
            return output;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void put(String script) throws IOException {
        Path next = exchange.resolve("next");
        Files.writeString(next, script);
        Files.move(next, exchange.resolve(number + ".sh"), StandardCopyOption.ATOMIC_MOVE);
    }

    private String log() {
        try {
            Path console = exchange.resolve("console.log");
            return program.output() + (Files.exists(console) ? Files.readString(console) : "");
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** Switches it off. */
    @Override
    public void close() {
        try {
            number++;
            if (program.isAlive()) {
                put("");
                program.exitCode(END);
            }
        } catch (IOException | AssertionError e) {
            program.kill();
        }
    }
}
