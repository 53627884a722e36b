// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BreakersTest {
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int LIVE = 1;
    private static final int DEAD = 2;

    /** Time-out and period in ms, and how long a unit that answers takes for it. */
    @ParameterizedTest
    @CsvSource({"1000, 1000, 15", "300, 500, 40", "5000, 1000, 200", "100, 10000, 2"})
    void a_dead_unit_gets_about_a_hundredth_of_the_line_and_is_never_given_up(long timeout, long period, long answer) {
        Breakers breakers = new Breakers();
        breakers.ask(LIVE, timeout * MILLI);
        breakers.answered(LIVE, answer * MILLI);
        long hour = TimeUnit.HOURS.toNanos(1);
        long lost = 0;
        long lastAsked = 0;
        int whole = 0;
        for (long now = 0; now < hour; now += period * MILLI) {
            if (breakers.isOpen(DEAD, now)) {
                continue;
            }
            assertThat(now - lastAsked).isLessThanOrEqualTo(TimeUnit.MINUTES.toNanos(2) + period * MILLI);
            long patience = breakers.ask(DEAD, timeout * MILLI);
            whole += patience == timeout * MILLI ? 1 : 0;
            lost += patience;
            now += patience;
            breakers.silent(DEAD, patience, now);
            lastAsked = now;
        }
        assertThat((double) lost / hour).isLessThan(timeout > 2000 ? 0.045 : 0.015);
        assertThat(whole).as("asked with all patience").isGreaterThan(2);
        assertThat(hour - lastAsked).isLessThan(TimeUnit.MINUTES.toNanos(3));

        breakers.ask(DEAD, timeout * MILLI);
        breakers.answered(DEAD, answer * MILLI);
        assertThat(breakers.isQuiet()).isTrue();
        assertThat(breakers.isOpen(DEAD, hour)).isFalse();
        assertThat(breakers.ask(DEAD, timeout * MILLI)).isEqualTo(timeout * MILLI);
    }

    @ParameterizedTest
    @CsvSource({"1000", "50"})
    void a_unit_that_has_the_line_for_itself_is_always_asked(long timeout) {
        Breakers breakers = new Breakers();
        for (int i = 0; i < 20; i++) {
            assertThat(breakers.isOpen(DEAD, i)).isFalse();
            assertThat(breakers.ask(DEAD, timeout)).isEqualTo(timeout);
            breakers.silent(DEAD, timeout, i);
        }
    }
}
