// SPDX-License-Identifier: Apache-2.0
package edge.journal;

import static org.assertj.core.api.Assertions.assertThat;

import edge.api.journal.Cursor;
import edge.api.journal.JournalRecord;
import edge.api.journal.StreamSelection;
import edge.api.message.RecordKey;
import edge.journal.disk.DiskStorage;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/** Kills a process that appends, again and again. {@code -Dedge.journal.kills=1000} for more rounds. */
class KillTest {

    private static final int ROUNDS = Integer.getInteger("edge.journal.kills", 8);
    private static final int PADDING = 300;
    private static final Settings SETTINGS = Rig.settings(64 * Rig.KB, 1024 * 1024 * Rig.KB, SyncPolicy.EACH);

    @TempDir
    Path folder;

    @Test
    void nothing_acknowledged_is_lost_however_often_the_process_is_killed(TestReporter reporter) throws Exception {
        Random random = new Random(7);
        Set<String> acknowledged = new HashSet<>();
        for (int round = 0; round < ROUNDS; round++) {
            acknowledged.addAll(runAndKill(round, 20 + random.nextInt(1500)));
        }
        int promised = acknowledged.size();
        List<JournalRecord> read = new ArrayList<>();
        try (SegmentedJournal journal = Rig.open(new DiskStorage(folder, SegmentedJournal.FOLDERS), SETTINGS);
             Cursor cursor = journal.open("test", StreamSelection.ALL)) {
            read.addAll(Rig.drain(cursor));
        }
        Set<String> found = new HashSet<>();
        for (JournalRecord record : read) {
            assertThat(found.add(checked(record.key().sequence() + " " + Rig.payload(record)))).isTrue();
        }
        // Hundreds of thousands: AssertJ would compare each with each.
        acknowledged.removeAll(found);
        assertThat(acknowledged).as("acknowledged and lost").isEmpty();
        assertThat(read.stream().map(record -> record.key().epoch()).distinct().toList()).as("epochs").hasSize(1);
        assertThat(Rig.holes(read)).isEmpty();
        reporter.publishEntry("journal.kills", ROUNDS + " rounds, " + promised + " acknowledged, " + read.size()
            + " found");
    }

    /** Returns what the child had acknowledged when it was killed. */
    private List<String> runAndKill(int round, int lines) throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Path said = said(round);
        Process child = new ProcessBuilder(java, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", classPath(),
            Child.class.getName(), folder.toString(), Integer.toString(round))
            .redirectError(ProcessBuilder.Redirect.DISCARD).redirectOutput(said.toFile()).start();
        try {
            Rig.await("the child of round " + round + " to append", () -> said.toFile().length() > lines * 150L);
        } finally {
            child.destroyForcibly();
            child.waitFor();
        }
        String text = Files.readString(said);
        // The last line may be cut short.
        return text.substring(0, text.lastIndexOf('\n')).lines().map(KillTest::checked).toList();
    }

    /** A line without its padding, which its number tells. */
    private static String checked(String line) {
        String bare = line.substring(0, line.length() - padding(line));
        int number = Integer.parseInt(bare.substring(bare.lastIndexOf(' ') + 1));
        assertThat(padding(line)).as(line).isEqualTo(number % PADDING);
        return bare;
    }

    private static int padding(String line) {
        int bare = line.length();
        while (line.charAt(bare - 1) == '-') {
            bare--;
        }
        return line.length() - bare;
    }

    private Path said(int round) {
        return folder.resolve("said-" + round);
    }

    /** The class path of these tests, wherever the test runner got it from. */
    private static String classPath() {
        Set<String> places = new java.util.LinkedHashSet<>();
        for (Class<?> type : List.of(KillTest.class, SegmentedJournal.class, RecordKey.class, edge.json.Json.class,
            org.slf4j.Logger.class, org.osgi.annotation.versioning.Version.class)) {
            places.add(Path.of(java.net.URI.create(type.getProtectionDomain().getCodeSource().getLocation().toString()))
                .toString());
        }
        return String.join(java.io.File.pathSeparator, places);
    }

    /** The process that is killed: appends without end, and says what is acknowledged. */
    static final class Child {
        private Child() {
        }

        public static void main(String[] arguments) throws Exception {
            PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
            Semaphore inFlight = new Semaphore(64);
            @SuppressWarnings("resource") // It is killed before it could close it.
            SegmentedJournal journal = Rig.open(new DiskStorage(Path.of(arguments[0]), SegmentedJournal.FOLDERS), SETTINGS);
            for (int i = 0;; i++) {
                String payload = "round " + arguments[1] + " record " + i + "-".repeat(i % PADDING);
                inFlight.acquire();
                journal.append(Rig.ALARMS, Rig.raw(payload)).whenComplete((key, failure) -> {
                    if (failure != null) {
                        failure.printStackTrace();
                        Runtime.getRuntime().halt(1);
                    }
                    out.print(key.sequence() + " " + payload + "\n");
                    out.flush();
                    inFlight.release();
                });
            }
        }
    }
}
