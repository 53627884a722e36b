// SPDX-License-Identifier: Apache-2.0
package edge.runtime.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import edge.api.gateway.ClockConfidence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemClockTest {
    private static final Instant BUILT = Instant.parse("2026-07-01T00:00:00Z");

    @TempDir
    private Path folder;
    private long nanos = 1_000;
    private Instant wall = BUILT.plusSeconds(60);

    private SystemClock clock() {
        return new SystemClock(new Boot(UUID.randomUUID(), 1_000), BUILT, folder.resolve("synchronized"), () -> nanos, () -> wall);
    }

    @Test
    void monotonic_time_counts_from_the_boot_whatever_the_wall_clock_does() {
        SystemClock clock = clock();
        assertThat(clock.now().monotonicNanos()).isZero();
        nanos += 5;
        wall = wall.minusSeconds(30);

        assertThat(clock.now().monotonicNanos()).isEqualTo(5);
        assertThat(clock.now().wall()).isEqualTo(wall);
    }

    @Test
    void a_wall_clock_before_the_product_was_built_is_unset_even_if_it_is_called_synchronised() throws IOException {
        Files.createFile(folder.resolve("synchronized"));
        SystemClock clock = clock();
        wall = Instant.EPOCH;

        assertThat(clock.now().confidence()).isEqualTo(ClockConfidence.UNSET);
        wall = BUILT;
        assertThat(clock.now().confidence()).isEqualTo(ClockConfidence.SYNCHRONISED);
    }

    @Test
    void the_marker_of_the_time_service_is_looked_for_every_few_seconds_and_not_at_each_call() throws IOException {
        SystemClock clock = clock();
        assertThat(clock.now().confidence()).isEqualTo(ClockConfidence.PLAUSIBLE);
        Files.createFile(folder.resolve("synchronized"));

        nanos += 4_999_999_999L;
        assertThat(clock.now().confidence()).isEqualTo(ClockConfidence.PLAUSIBLE);
        nanos += 1;
        assertThat(clock.now().confidence()).isEqualTo(ClockConfidence.SYNCHRONISED);
        Files.delete(folder.resolve("synchronized"));
        nanos += 5_000_000_000L;
        assertThat(clock.now().confidence()).isEqualTo(ClockConfidence.PLAUSIBLE);
    }

    @Test
    void a_boot_lasts_as_long_as_the_process() {
        assertThat(Boot.ofThisProcess()).isEqualTo(Boot.ofThisProcess());
    }
}
