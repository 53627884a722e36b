// SPDX-License-Identifier: Apache-2.0
package edge.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import edge.api.gateway.GatewayClock;
import edge.json.JsonParser;
import edge.journal.SegmentedJournal;
import edge.lab.Lab.Cuts;
import edge.lab.guest.Appender;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * The journal on a disk with a write cache of its own, which a power cut empties: each write since the last flush is lost,
 * torn or kept by chance. {@code -Dedge.lab.cuts=N} makes it N cuts.
 */
class PowerCutTest {

    private static final int CUTS = Integer.getInteger("edge.lab.cuts", 4);
    /** Ten seconds on an idle machine; one that is busy has needed four minutes. */
    private static final Duration ONE_CUT = Duration.ofMinutes(15);
    private static final String JAVA = "java -Xmx64m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp '/share/*'"
        + " edge.lab.guest.Appender ";

    @TempDir
    static Path folder;

    private static Path share;

    @BeforeAll
    static void build() throws Exception {
        Lab.need(folder.resolve("build.log"));
        share = GuestJar.pack(folder.resolve("share"), Appender.class, SegmentedJournal.class, GatewayClock.class,
            JsonParser.class, JsonFactory.class, LoggerFactory.class);
    }

    private static Cuts cuts(String log, int rounds, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("--rounds", Integer.toString(rounds), "--disk", "volatile",
            "--limit", Long.toString(ONE_CUT.toSeconds()), "--share", share.toString(), "--write", JAVA + "write /data/journal",
            "--check", JAVA + "check /data/journal"));
        arguments.addAll(List.of(more));
        Cuts cuts = Lab.powerCuts(folder.resolve(log), ONE_CUT.multipliedBy(rounds + 1), arguments.toArray(String[]::new));
        System.out.print(cuts.report());
        return cuts;
    }

    @Test
    void what_the_journal_acknowledged_survives_every_cut() throws Exception {
        Cuts cuts = cuts("synced.log", CUTS);
        assertThat(cuts.nothingLost()).as(cuts.report()).isTrue();
        assertThat(cuts.report()).as("records were acknowledged").doesNotContain(" 0 records acknowledged");
    }

    @Test
    void the_same_program_without_sync_loses_what_it_acknowledged() throws Exception {
        Cuts cuts = cuts("unsynced.log", 1, "--nosync");
        assertThat(cuts.nothingLost()).as("otherwise the test above proves nothing: " + cuts.report()).isFalse();
        assertThat(cuts.report()).contains("cuts with a loss or damage: 1");
    }
}
