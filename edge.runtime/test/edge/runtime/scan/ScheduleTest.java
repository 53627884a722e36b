// SPDX-License-Identifier: Apache-2.0
package edge.runtime.scan;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ScheduleTest {
    private static final long MILLI = 1_000_000L;

    private final ManualTime time = new ManualTime();
    private final Schedule schedule = time.schedule;

    @Test
    void a_periodic_job_does_not_drift_over_a_million_late_runs() {
        Random random = new Random(1);
        long first = schedule.now() + 7 * MILLI;
        long[] runs = new long[1];
        schedule.every(first, 10 * MILLI, (now, missed) -> {
            assertThat(missed).isZero();
            long due = first + runs[0]++ * 10 * MILLI;
            assertThat(now - due).isBetween(0L, 10 * MILLI);
            time.pass(Duration.ofNanos(random.nextLong(10 * MILLI)));
        });

        time.run(Duration.ofSeconds(10_000));

        assertThat(runs[0]).isEqualTo(1_000_000);
    }

    @Test
    void missed_times_are_skipped_and_counted_and_the_next_is_on_the_grid() {
        List<String> runs = new ArrayList<>();
        long first = schedule.now() + 10 * MILLI;
        schedule.every(first, 10 * MILLI, (now, missed) -> runs.add((now - first) / MILLI + " missed " + missed));

        time.run(Duration.ofMillis(10));
        time.pass(Duration.ofMillis(35));
        time.run(Duration.ofMillis(15));

        assertThat(runs).containsExactly("0 missed 0", "35 missed 2", "40 missed 0", "50 missed 0");
    }

    @Test
    void jobs_run_in_the_order_of_their_times_and_equal_times_in_the_order_of_adding() {
        List<String> runs = new ArrayList<>();
        long now = schedule.now();
        schedule.at(now + 2 * MILLI, (at, missed) -> runs.add("b"));
        schedule.at(now + MILLI, (at, missed) -> runs.add("a"));
        schedule.at(now + 2 * MILLI, (at, missed) -> runs.add("c"));

        time.run(Duration.ofMillis(3));

        assertThat(runs).containsExactly("a", "b", "c");
    }

    @Test
    void a_cancelled_job_does_not_run_even_if_it_cancels_itself() {
        List<String> runs = new ArrayList<>();
        Schedule.Entry once = schedule.at(schedule.now() + MILLI, (now, missed) -> runs.add("once"));
        Schedule.Entry[] self = new Schedule.Entry[1];
        self[0] = schedule.every(schedule.now(), MILLI, (now, missed) -> {
            runs.add("self");
            schedule.cancel(self[0]);
        });
        schedule.cancel(once);
        schedule.cancel(once);

        time.run(Duration.ofMillis(5));

        assertThat(runs).containsExactly("self");
        assertThat(schedule.runNext()).isEqualTo(Schedule.NOTHING);
    }

    @Test
    void a_job_that_fails_does_not_keep_the_others_from_running() {
        List<String> runs = new ArrayList<>();
        schedule.every(schedule.now(), MILLI, (now, missed) -> {
            runs.add("bad");
            throw new StackOverflowError("for the test");
        });
        schedule.at(schedule.now(), (now, missed) -> runs.add("good"));

        time.run(Duration.ofMillis(1));

        assertThat(runs).containsExactly("bad", "good", "bad");
    }

    @Test
    void whoever_waits_is_woken_only_for_a_job_that_is_due_before_all_others() {
        List<String> woken = new ArrayList<>();
        schedule.onEarlierJob(() -> woken.add("woken"));
        schedule.at(schedule.now() + 2 * MILLI, (now, missed) -> { });
        schedule.at(schedule.now() + 3 * MILLI, (now, missed) -> { });
        schedule.at(schedule.now() + MILLI, (now, missed) -> { });

        assertThat(woken).hasSize(2);
    }
}
