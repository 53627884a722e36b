// SPDX-License-Identifier: Apache-2.0
package edge.lab;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import edge.test.support.Program;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The script {@code edge.lab/lab}: it builds the virtual machine, boots it and cuts its power. */
public final class Lab {

    private static final Duration BUILD = Duration.ofMinutes(10);

    private Lab() {
    }

    /**
     * Makes sure that the machine can boot. Skips the test unless the environment has {@code EDGE_LAB=1} or requires all
     * peers, because the first time this fetches 300 MB and takes a minute. Where it cannot be built, for want of root or of a
     * mirror, the test is skipped and says so; with {@code EDGE_LAB=1} it fails.
     *
     * @param log where the script's words go
     */
    public static void need(Path log) {
        boolean wanted = "1".equals(System.getenv("EDGE_LAB"));
        if (!wanted && !"1".equals(System.getenv("EDGE_REQUIRE_PEERS"))) {
            abort("the laboratory is used with EDGE_LAB=1 only");
        }
        Program build = run(log, List.of("build"));
        if (build.exitCode(BUILD) != 0) {
            String why = "the laboratory's machine cannot be built (see `edge.lab/lab deps`):\n" + build.output();
            if (wanted) {
                fail(why);
            }
            System.out.println(why);
            abort(why);
        }
    }

    static Path folder() {
        return Path.of(System.getProperty("edge.workspace"), "edge.lab");
    }

    static Program run(Path log, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(folder().resolve("lab").toString()));
        command.addAll(arguments);
        return Program.start(log, Map.of(), command);
    }

    /** What a round of power cuts printed, and how it ended. */
    public record Cuts(boolean nothingLost, String report) {
    }

    /** Cuts the power under a program that appends; see {@code lab --help}. */
    public static Cuts powerCuts(Path log, Duration atMost, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("powercut"));
        command.addAll(List.of(arguments));
        Program cuts = run(log, command);
        return new Cuts(cuts.exitCode(atMost) == 0, cuts.output());
    }
}
