// SPDX-License-Identifier: Apache-2.0
package edge.journal;

import static org.assertj.core.api.Assertions.assertThat;

import edge.api.journal.StreamSelection;
import edge.api.message.RecordKey;
import edge.journal.disk.DiskStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A journal that is brought back from a backup must not give numbers again that the original has given since. */
class CopyTest {

    @TempDir
    private Path folder;
    private final List<String> told = new ArrayList<>();

    private SegmentedJournal open(Path place) {
        return Rig.open(new DiskStorage(place, SegmentedJournal.FOLDERS), Rig.settings(), (status, text) -> told.add(text));
    }

    private RecordKey append(Path place, String payload) throws Exception {
        try (SegmentedJournal journal = open(place)) {
            return Rig.append(journal, Rig.ALARMS, payload);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    @Test
    void a_restored_copy_begins_new_epochs_once_and_keeps_its_records() throws Exception {
        Path original = folder.resolve("original");
        try (SegmentedJournal journal = open(original)) {
            journal.open("cloud", StreamSelection.ALL).close();
        }
        RecordKey first = append(original, "1");
        RecordKey second = append(original, "2");
        assertThat(second.epoch()).isEqualTo(first.epoch());
        assertThat(told).isEmpty();

        Path copy = folder.resolve("copy");
        copy(original, copy);
        RecordKey since = append(original, "3");
        RecordKey third = append(copy, "3 of the copy");

        assertThat(since.epoch()).isEqualTo(first.epoch());
        assertThat(third.epoch()).isNotEqualTo(first.epoch());
        assertThat(told).singleElement().asString().startsWith("The journal is a copy, as of a restored backup");
        assertThat(append(copy, "4").epoch()).isEqualTo(third.epoch());
        try (SegmentedJournal journal = open(copy)) {
            assertThat(Rig.payloads(Rig.drain(journal.open("cloud", StreamSelection.ALL))))
                .containsExactly("1", "2", "3 of the copy", "4");
        }
        assertThat(told).hasSize(1);
    }

    @Test
    void a_journal_that_was_moved_goes_on() throws Exception {
        Path before = folder.resolve("before");
        RecordKey first = append(before, "1");
        Path after = folder.resolve("after");
        Files.move(before, after);

        assertThat(append(after, "2").epoch()).isEqualTo(first.epoch());
        assertThat(told).isEmpty();
    }
}
