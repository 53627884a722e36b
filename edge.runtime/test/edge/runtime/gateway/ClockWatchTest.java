// SPDX-License-Identifier: Apache-2.0
package edge.runtime.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import edge.api.gateway.ClockConfidence;
import edge.api.gateway.ClockCorrection;
import edge.api.gateway.GatewayClock;
import edge.api.gateway.Moment;
import edge.api.journal.Journal;
import edge.runtime.testkit.MemoryEvents;
import edge.test.support.NoJournal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClockWatchTest {
    private static final Instant TRUE_START = Instant.parse("2026-11-20T10:00:00Z");
    private static final Boot SELF = new Boot(new UUID(1, 1), 700_000_000_000L);

    @TempDir
    Path folder;

    private final MemoryEvents events = new MemoryEvents();
    private final List<ClockCorrection> stored = new ArrayList<>();
    private boolean journalFails;
    private Duration passed = Duration.ZERO;
    private Duration suspended = Duration.ZERO;
    private Duration wrong = Duration.ofDays(-20_000);
    private ClockConfidence confidence = ClockConfidence.UNSET;

    private final GatewayClock clock = new GatewayClock() {
        @Override
        public Moment now() {
            return new Moment(passed.toNanos(), TRUE_START.plus(passed).plus(suspended).plus(wrong), confidence);
        }

        @Override
        public UUID bootId() {
            return SELF.id();
        }
    };

    private ClockWatch watch(Boot... earlier) {
        ClockWatch watch = new ClockWatch(clock, events, SELF, List.of(earlier), () -> passed.plus(suspended).toNanos() + 99);
        watch.journal = new MemoryJournal();
        return watch;
    }

    private void passAndLook(ClockWatch watch, int seconds) {
        for (int i = 0; i < seconds; i++) {
            passed = passed.plusSeconds(1);
            watch.look();
        }
    }

    @Test
    void when_the_clock_is_set_all_that_was_stamped_before_gets_its_true_time() {
        ClockWatch watch = watch();
        passAndLook(watch, 30);
        Moment early = clock.now();
        Instant source = early.wall().minusMillis(300);
        wrong = Duration.ZERO;
        confidence = ClockConfidence.SYNCHRONISED;
        passAndLook(watch, 5);

        assertThat(stored).hasSize(1);
        ClockCorrection correction = stored.get(0);
        assertThat(correction.covers(SELF.id(), early)).isTrue();
        assertThat(correction.corrected(early)).isEqualTo(
            new Moment(early.monotonicNanos(), TRUE_START.plusSeconds(30), ClockConfidence.SYNCHRONISED));
        assertThat(correction.corrected(source, early)).isEqualTo(TRUE_START.plusMillis(29_700));
        assertThat(correction.covers(SELF.id(), clock.now())).as("stamped after it was set").isFalse();
        assertThat(correction.covers(new UUID(5, 5), early)).as("of another boot").isFalse();
        assertThat(events.recent(10)).singleElement().asString().contains("set forward by 20000 days", "synchronised");
    }

    @Test
    void a_source_time_of_the_device_itself_is_not_touched() {
        ClockWatch watch = watch();
        passAndLook(watch, 30);
        Moment early = clock.now();
        wrong = Duration.ZERO;
        confidence = ClockConfidence.PLAUSIBLE;
        passAndLook(watch, 1);

        Instant ofDevice = TRUE_START.plusSeconds(29);
        assertThat(stored.get(0).corrected(ofDevice, early)).isEqualTo(ofDevice);
    }

    @Test
    void earlier_runs_since_the_kernels_start_are_corrected_too() {
        Boot earlier = new Boot(new UUID(2, 2), SELF.originNanos() - Duration.ofMinutes(10).toNanos());
        ClockWatch watch = watch(earlier);
        wrong = Duration.ZERO;
        confidence = ClockConfidence.PLAUSIBLE;
        passAndLook(watch, 1);

        assertThat(stored).extracting(ClockCorrection::bootId).containsExactly(earlier.id(), SELF.id());
        Moment then = new Moment(Duration.ofMinutes(4).toNanos(), Instant.EPOCH, ClockConfidence.UNSET);
        assertThat(stored.get(0).covers(earlier.id(), then)).isTrue();
        assertThat(stored.get(0).corrected(then).wall()).isEqualTo(TRUE_START.minus(Duration.ofMinutes(6)));
    }

    @Test
    void what_the_journal_does_not_take_is_given_again() {
        ClockWatch watch = watch();
        Journal journal = watch.journal;
        watch.journal = null;
        wrong = Duration.ofSeconds(30);
        confidence = ClockConfidence.PLAUSIBLE;
        passAndLook(watch, 2);
        watch.journal = journal;
        journalFails = true;
        passAndLook(watch, 2);
        wrong = Duration.ZERO;
        passAndLook(watch, 1);
        journalFails = false;
        passAndLook(watch, 3);

        assertThat(stored).as("the newest covers what the older one covered").singleElement()
            .extracting(ClockCorrection::origin).isEqualTo(TRUE_START);
    }

    @Test
    void a_clock_that_is_right_is_never_corrected() {
        wrong = Duration.ZERO;
        confidence = ClockConfidence.PLAUSIBLE;
        ClockWatch watch = watch();
        passAndLook(watch, 10);
        confidence = ClockConfidence.SYNCHRONISED;
        passAndLook(watch, 10);
        wrong = Duration.ofSeconds(40);
        passAndLook(watch, 10);
        wrong = Duration.ofSeconds(40).plus(ClockSteps.TOLERANCE);
        confidence = ClockConfidence.PLAUSIBLE;
        passAndLook(watch, 10);

        assertThat(stored).as("a step of a synchronised clock, and one within the tolerance").isEmpty();
    }

    @Test
    void a_suspension_of_the_machine_is_no_step() {
        wrong = Duration.ZERO;
        confidence = ClockConfidence.PLAUSIBLE;
        ClockWatch watch = watch();
        passAndLook(watch, 10);
        Moment before = clock.now();
        suspended = Duration.ofHours(3);
        passAndLook(watch, 10);
        assertThat(stored).isEmpty();

        Moment after = clock.now();
        wrong = Duration.ofSeconds(5);
        passAndLook(watch, 1);
        assertThat(stored).singleElement().satisfies(correction -> {
            assertThat(correction.covers(SELF.id(), after)).isTrue();
            assertThat(correction.covers(SELF.id(), before)).as("its origin is another").isFalse();
        });
    }

    @Test
    void runs_are_remembered_until_the_machine_starts_again() throws IOException {
        Path file = folder.resolve("runs");
        Boot first = new Boot(UUID.randomUUID(), 5);
        Boot second = new Boot(UUID.randomUUID(), -7);

        assertThat(new Runs(file, "kernel-1", first).earlier()).isEmpty();
        assertThat(new Runs(file, "kernel-1", second).earlier()).containsExactly(first);
        assertThat(new Runs(file, "kernel-1", second).earlier()).containsExactly(first);
        assertThat(new Runs(file, "kernel-2", first).earlier()).isEmpty();
        Files.write(file, new byte[] {(byte) 0xff, 0, '\n', 'x', ' ', 'y'});
        assertThat(new Runs(file, "kernel-2", first).earlier()).isEmpty();
    }

    private final class MemoryJournal extends NoJournal {
        @Override
        public CompletionStage<Void> correct(ClockCorrection correction) {
            if (journalFails) {
                return CompletableFuture.failedFuture(new IOException("disk full"));
            }
            stored.add(correction);
            return CompletableFuture.completedFuture(null);
        }
    }
}
