// SPDX-License-Identifier: Apache-2.0
package edge.verify.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();

    private static String record(long sequence, String lane) {
        return "{\"schema\":\"edge.raw/1\",\"gateway\":\"g\",\"stream\":\"ingest/a\",\"epoch\":\"e\",\"sequence\":" + sequence
            + ",\"lane\":\"" + lane + "\",\"tags\":{\"sequence\":{\"value\":99}}}";
    }

    private int run(String input, String... arguments) {
        return Main.run(List.of(arguments), new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            new PrintStream(printed, true, StandardCharsets.UTF_8), new PrintStream(errors, true, StandardCharsets.UTF_8));
    }

    private String last() {
        List<String> lines = printed.toString(StandardCharsets.UTF_8).lines().toList();
        return lines.get(lines.size() - 1);
    }

    @Test
    void lines_of_mosquitto_sub_are_understood_with_and_without_topics() {
        assertThat(run(record(1, "live") + "\nedge/acme/x y/ingest/a " + record(2, "live") + "\n\n["
            + record(3, "live") + "," + record(4, "backlog") + "]\nedge/a b [" + record(5, "live") + "]\n"
            + record(6, "live").replace("edge.raw/1", "say {no}") + "\n")).isZero();
        assertThat(last()).isEqualTo("PROVEN: 1 streams, 6 received, 0 in the ledger, 0 missing, 0 duplicates, 0 out of order");
    }

    @Test
    void what_is_missing_doubled_or_out_of_order_is_named_and_decides_the_exit() {
        String lines = String.join("\n", record(1, "live"), record(2, "live"), record(2, "live"), record(5, "live"),
            record(4, "live"));
        assertThat(run(lines)).isEqualTo(1);
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("missing: 3\n", "duplicates: 1, of 2\n",
            "4 came behind 5 in the lane live");
        assertThat(last()).startsWith("NOT PROVEN");
    }

    @Test
    void duplicates_may_be_allowed() {
        String lines = String.join("\n", record(1, "live"), record(1, "live"));
        assertThat(run(lines)).isEqualTo(1);
        assertThat(run(lines, "--allow-duplicates", "1")).isZero();
    }

    @Test
    void what_the_gateway_has_sequenced_must_be_there_to_its_end(@TempDir Path folder) throws Exception {
        Path journal = Files.writeString(folder.resolve("journal.json"), "{\"bytes\":1,\"lost\":{\"full\":1},\"streams\":"
            + "[{\"stream\":\"ingest/a\",\"epoch\":\"e\",\"lastSequence\":3,\"bytes\":17}]}");
        assertThat(run(record(1, "live") + "\n" + record(2, "live"), "--expect", journal.toString())).isEqualTo(1);
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("missing: 3\n");
    }

    @Test
    void what_is_no_record_is_not_passed_over_in_silence() {
        assertThat(run(record(1, "live") + "\nhello\n")).isEqualTo(1);
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("not understood: 1 messages; the first: it is no JSON");
    }

    @Test
    void of_payloads_that_tell_nothing_the_topic_does() {
        String form = "raw/{stream}/{epoch}/{sequence}/{lane}";
        String lines = "raw/ingest/a/00000000000000ee/1/live door open\nraw/ingest/a/00000000000000ee/3/live 71.5\n";
        assertThat(run(lines, "--topic-form", form)).isEqualTo(1);
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("missing: 2\n");
        assertThat(run(lines + "raw/ingest/a/00000000000000ee/2/replay closed", "--topic-form", form)).isZero();
        assertThat(run("other/topic x", "--topic-form", form)).isEqualTo(1);
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("the topic other/topic is not of the form raw/");
        assertThat(run("", "--topic-form", "raw/{stream}")).isEqualTo(2);
        assertThat(errors.toString(StandardCharsets.UTF_8)).contains("--topic-form: a topic tells which record it is by");
    }

    @Test
    void silence_is_no_proof_and_wrong_use_is_told() {
        assertThat(run("")).isEqualTo(1);
        assertThat(last()).startsWith("NOTHING ARRIVED");
        List<Integer> exits = new ArrayList<>();
        exits.add(run("", "--port", "x"));
        exits.add(run("", "--nonsense"));
        exits.add(run("", "--user"));
        exits.add(run("", "--host", "127.0.0.1", "--port", "1"));
        assertThat(exits).containsOnly(2);
        assertThat(errors.toString(StandardCharsets.UTF_8)).contains("--port needs a number from 0 to 65535, not 'x'",
            "there is no option '--nonsense'", "--user needs a value", "the broker cannot be used");
        assertThat(run("", "--help")).isZero();
    }
}
