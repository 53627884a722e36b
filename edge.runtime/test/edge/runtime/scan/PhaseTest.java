// SPDX-License-Identifier: Apache-2.0
package edge.runtime.scan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PhaseTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void a_thousand_devices_are_spread_over_their_period() {
        int[] tenths = new int[10];
        for (int i = 0; i < 1_000; i++) {
            tenths[(int) (Phase.of("device-" + i, SECOND) * 10 / SECOND)]++;
        }
        assertThat(tenths).doesNotContain(0);
        for (int count : tenths) {
            assertThat(count).isBetween(60, 140);
        }
    }

    @Test
    void the_same_name_has_the_same_phase_after_every_start() {
        assertThat(Phase.of("boiler-1", SECOND)).isEqualTo(590_000_000L);
        assertThat(Phase.of("boiler-2", SECOND)).isEqualTo(600_000_000L);
    }

    @ParameterizedTest
    @ValueSource(longs = {10_000_000L, 33_333_333L, SECOND, 86_400 * SECOND})
    void a_phase_lies_within_the_period_and_the_first_time_is_the_next_one_of_that_phase(long period) {
        for (int i = 0; i < 100; i++) {
            long phase = Phase.of("device-" + i, period);
            assertThat(phase).isBetween(0L, period - 1);
            long now = -5_000_000_123L + i * 1_234_567L;
            long next = Phase.next(now, period, phase);
            assertThat(next - now).isBetween(0L, period - 1);
            assertThat(Math.floorMod(next, period)).isEqualTo(phase);
        }
    }
}
