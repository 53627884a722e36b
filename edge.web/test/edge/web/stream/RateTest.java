// SPDX-License-Identifier: Apache-2.0
package edge.web.stream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RateTest {
    private static final long SECOND = 1_000_000_000L;
    private final Rate rate = new Rate();

    @Test
    void a_steady_counter_has_a_steady_rate() {
        assertThat(rate.of(100, 0)).isZero();
        for (int i = 1; i < 20; i++) {
            assertThat(rate.of(100 + 40L * i, i * SECOND)).isEqualTo(40);
        }
    }

    @Test
    void only_the_last_seconds_count() {
        rate.of(0, 0);
        rate.of(1_000_000, SECOND);
        double last = -1;
        for (int i = 2; i < 10; i++) {
            last = rate.of(1_000_000, i * SECOND);
        }
        assertThat(last).isZero();
    }

    @Test
    void a_counter_that_begins_anew_does_not_count_backwards() {
        rate.of(5000, 0);
        assertThat(rate.of(3, SECOND)).isZero();
        assertThat(rate.of(13, 2 * SECOND)).isEqualTo(10);
    }
}
