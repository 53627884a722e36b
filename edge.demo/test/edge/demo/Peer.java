// SPDX-License-Identifier: Apache-2.0
package edge.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program that others wrote. */
public final class Peer {

    private Peer() {
    }

    /** Skips the test if the program is not installed; fails it where EDGE_REQUIRE_PEERS is 1. */
    public static void needs(String program) {
        boolean found = Arrays.stream(System.getenv("PATH").split(":")).map(folder -> Path.of(folder, program))
            .anyMatch(Files::isExecutable);
        if ("1".equals(System.getenv("EDGE_REQUIRE_PEERS"))) {
            assertThat(found).as("the program %s is installed", program).isTrue();
        }
        assumeTrue(found, "the program " + program + " is not installed");
    }

    /** Runs it to its end and gives back what it wrote; fails if it fails. */
    public static String run(String... command) throws IOException, InterruptedException {
        Path output = Files.createTempFile("peer", ".out");
        try {
            Process process = new ProcessBuilder(List.of(command)).redirectErrorStream(true).redirectOutput(output.toFile())
                .start();
            boolean ended = process.waitFor(60, TimeUnit.SECONDS);
            String text = Files.readString(output, StandardCharsets.UTF_8);
            if (!ended) {
                process.destroyForcibly();
            }
            assertThat(ended && process.exitValue() == 0).as("%s: %s", List.of(command), text).isTrue();
            return text;
        } finally {
            Files.delete(output);
        }
    }
}
