// SPDX-License-Identifier: Apache-2.0
package edge.runtime.access;

import static org.assertj.core.api.Assertions.assertThat;

import edge.api.access.AuditLog.Entry;
import edge.api.access.Caller;
import edge.api.access.Role;
import edge.api.health.HealthReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WrittenAuditLogTest {
    private static final Caller ANNA = new Caller(Caller.Kind.PERSON, "anna", Role.ADMINISTRATOR, "10.0.0.7");

    @TempDir
    Path folder;

    private WrittenAuditLog open(long bytes, int old) {
        return new WrittenAuditLog(new AuditFile(folder, bytes, old), InstantSource.system());
    }

    private static void until(java.util.function.BooleanSupplier condition) {
        long deadline = System.nanoTime() + 60_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    @Test
    void entries_survive_a_restart_the_newest_first() {
        WrittenAuditLog log = open(1 << 20, 3);
        log.record(ANNA, "change configuration", "edge.broker", "done");
        log.record(ANNA, "deploy", "edge.drivers.x", "refused: not a bundle");
        log.close();

        WrittenAuditLog again = open(1 << 20, 3);
        until(() -> again.recent(10).size() == 2);
        assertThat(again.recent(10)).extracting(Entry::action).containsExactly("deploy", "change configuration");
        assertThat(again.recent(1)).hasSize(1);
        again.close();
    }

    @Test
    void what_an_attacker_puts_into_a_name_stays_on_one_line_and_is_escaped() throws IOException {
        WrittenAuditLog log = open(1 << 20, 3);
        log.record(new Caller(Caller.Kind.PERSON, "eve\n{\"caller\":\"anna\"}\u001b[2J\u202e", Role.VIEWER, "x"), "sign in",
            "y".repeat(10_000), "refused");
        log.close();

        assertThat(Files.readAllLines(folder.resolve("audit.jsonl"))).hasSize(1);
        assertThat(log.recent(1).get(0).caller()).isEqualTo("eve\\u000a{\"caller\":\"anna\"}\\u001b[2J\\u202e");
        assertThat(log.recent(1).get(0).subject()).hasSizeLessThan(600);
    }

    @Test
    void the_files_together_stay_within_their_bound_and_keep_the_newest() throws IOException {
        WrittenAuditLog log = open(4_000, 2);
        for (int i = 0; i < 400; i++) {
            log.record(ANNA, "act", "subject " + i, "done");
            int expected = i;
            if (i % 10 == 0) {
                until(() -> tail().contains("subject " + expected + "\""));
            }
        }
        log.close();

        long total = 0;
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                total += Files.size(file);
            }
        }
        assertThat(total).isLessThan(3 * 4_000 + 4_000);
        assertThat(tail()).contains("subject 399");
    }

    private String tail() {
        try {
            return Files.readString(folder.resolve("audit.jsonl"));
        } catch (NoSuchFileException e) {
            return "";
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void a_torn_last_line_costs_only_itself() throws IOException {
        WrittenAuditLog log = open(1 << 20, 3);
        log.record(ANNA, "first", "s", "done");
        log.close();
        Files.writeString(folder.resolve("audit.jsonl"), "{\"time\":\"2026-0", StandardOpenOption.APPEND);

        WrittenAuditLog again = open(1 << 20, 3);
        again.record(ANNA, "second", "s", "done");
        again.close();

        List<Entry> kept = new AuditFile(folder, 1 << 20, 3).newest(10);
        assertThat(kept).extracting(Entry::action).containsExactly("first", "second");
    }

    @Test
    void a_folder_that_cannot_be_written_is_told_in_the_health_and_blocks_nobody() throws IOException {
        Path gone = folder.resolve("file");
        Files.writeString(gone, "not a folder");
        WrittenAuditLog log = new WrittenAuditLog(new AuditFile(gone, 1 << 20, 3), InstantSource.system());

        for (int i = 0; i < 5_000; i++) {
            log.record(ANNA, "act", "subject " + i, "done");
        }

        until(() -> log.check().status() == HealthReport.Status.CRITICAL);
        assertThat(log.recent(1).get(0).subject()).isEqualTo("subject 4999");
        assertThat(log.recent(5_000)).hasSize(WrittenAuditLog.REMEMBERED);
        log.close();
    }
}
