// SPDX-License-Identifier: Apache-2.0
package edge.broker.state;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.BOOLEAN;

import edge.broker.Rig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateLogTest {

    private static final List<Entry> ALL = List.of(new Entry.Opened("a", "plc", 60), new Entry.Expiry("a", 90),
        new Entry.Subscribed("a", "x/#", 1, 7, 5, 6), new Entry.Unsubscribed("a", "y"), new Entry.Mark("a", 1L << 40),
        new Entry.Sent("a", 65_535, 10), new Entry.Received("a", 1), new Entry.Completed("a", 2),
        new Entry.Unreleased("a", 3, "ingest/x", 4, 5), new Entry.Released("a", 3, "ingest/x", 4, 5), new Entry.Fed(77),
        new Entry.NotRetained("t"), new Entry.Ended("a"));

    @TempDir
    Path folder;

    private StateLog open() {
        return open(new StateFile(folder));
    }

    private StateLog open(StateFile file) {
        return new StateLog(folder, file, Runnable::run, new StateLog.Owner() {
            @Override
            public void wantsAll() {
                // A test gives nothing.
            }

            @Override
            public void failing(String reason) {
                throw new AssertionError(reason);
            }

            @Override
            public void wellAgain() {
                // It was never ill.
            }
        });
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private void write(List<Entry> entries) {
        StateLog log = open();
        log.load();
        log.start(List.of());
        AtomicInteger safe = new AtomicInteger();
        entries.forEach(entry -> log.append(entry, safe::incrementAndGet));
        Rig.awaitTrue(() -> safe.get() == entries.size(), "everything is on disk");
        log.close();
    }

    @Test
    void every_entry_is_read_as_it_was_written_in_its_order() {
        write(ALL);
        StateLog.Loaded loaded = open().load();
        assertThat(loaded.entries()).isEqualTo(ALL);
        assertThat(loaded.damage()).isEmpty();
    }

    @Test
    void positions_and_payloads_are_read_as_they_were_written() {
        write(List.of(new Entry.Waiting("a", new long[] {1, -2, 1L << 50}), new Entry.Retained("t", 2, new byte[] {1}, new byte[] {2, 3})));
        List<Entry> read = open().load().entries();
        assertThat(((Entry.Waiting) read.get(0)).positions()).containsExactly(1, -2, 1L << 50);
        assertThat(((Entry.Retained) read.get(1)).payload()).containsExactly(2, 3);
        assertThat(((Entry.Retained) read.get(1)).properties()).containsExactly(1);
    }

    @Test
    void what_was_written_while_nobody_waited_is_on_disk_too_when_somebody_is_told() throws Exception {
        StateFile file = new StateFile(folder);
        StateLog log = open(file);
        log.load();
        log.start(List.of());
        log.append(new Entry.Fed(7));
        Path begun = folder.resolve("state-1.log");
        long empty = Long.BYTES;
        Rig.awaitTrue(() -> begun.toFile().length() > empty, "the entry is written");
        CompletableFuture<Boolean> synced = new CompletableFuture<>();
        log.whenSafe(() -> synced.complete(file.isSynced()));
        assertThat(synced).succeedsWithin(Duration.ofSeconds(30), as(BOOLEAN)).isTrue();
        log.close();
    }

    @Test
    void what_replaces_everything_is_all_that_is_left() throws IOException {
        write(ALL);
        StateLog log = open();
        log.load();
        log.start(List.of(new Entry.Fed(5)));
        log.append(new Entry.Fed(6));
        log.close();
        assertThat(open().load().entries()).containsExactly(new Entry.Fed(5), new Entry.Fed(6));
        assertThat(files()).hasSize(1);
    }

    @Test
    void cut_at_every_length_it_gives_what_was_whole_and_calls_only_that_damaged_which_is_not_a_torn_end() throws IOException {
        write(ALL);
        Path file = files().get(0);
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            List<Entry> read = new ArrayList<>();
            long damaged = StateFile.read(java.util.Arrays.copyOf(whole, length), read);
            assertThat(ALL.subList(0, read.size())).isEqualTo(read);
            assertThat(damaged).as("cut at " + length).isLessThanOrEqualTo(8);
        }
    }

    @Test
    void a_flipped_bit_anywhere_costs_one_entry_at_most_and_never_the_start() throws IOException {
        write(ALL);
        Path file = files().get(0);
        byte[] whole = Files.readAllBytes(file);
        for (int bit = 0; bit < whole.length * 8; bit += 3) {
            byte[] damaged = whole.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            Files.write(file, damaged);
            StateLog.Loaded loaded = open().load();
            assertThat(loaded.entries().size()).as("bit " + bit).isGreaterThanOrEqualTo(ALL.size() - 1);
            assertThat(ALL).containsAll(loaded.entries());
            if (loaded.entries().size() < ALL.size() - 1 || bit / 8 < whole.length - 40 && loaded.entries().size() < ALL.size()) {
                assertThat(loaded.damage()).as("bit " + bit).contains("quarantine");
            }
        }
    }

    @Test
    void whatever_byte_is_changed_and_wherever_it_is_cut_it_loads_and_is_written_anew() throws IOException {
        write(ALL);
        Path file = files().get(0);
        byte[] whole = Files.readAllBytes(file);
        for (int at = 0; at < whole.length; at++) {
            byte[] flipped = whole.clone();
            flipped[at] ^= (byte) 0xFF;
            for (byte[] damaged : List.of(flipped, java.util.Arrays.copyOf(whole, at))) {
                Files.write(file, damaged);
                StateFile state = new StateFile(folder);
                StateFile.Content content = state.load();
                assertThat(ALL).as("at " + at).containsAll(content.entries());
                if (at % 5 != 0) {
                    // Syncing takes its time.
                    continue;
                }
                state.replace(List.of(new Entry.Fed(at).encode()));
                state.close();
                Path next = files().get(0);
                assertThat(files()).hasSize(1);
                assertThat(open().load().entries()).containsExactly(new Entry.Fed(at));
                Files.delete(next);
            }
        }
    }

    @Test
    void a_folder_that_cannot_be_read_is_told_and_does_not_stop_the_start() throws IOException {
        Files.delete(folder);
        Files.writeString(folder, "no folder");
        StateLog.Loaded loaded = open().load();
        assertThat(loaded.entries()).isEmpty();
        assertThat(loaded.damage()).contains("cannot be read");
        Files.delete(folder);
    }
}
