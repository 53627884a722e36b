// SPDX-License-Identifier: Apache-2.0
package edge.runtime.scan;

import static edge.runtime.scan.TestDevice.SECOND;
import static edge.runtime.scan.TestDevice.tag;
import static org.assertj.core.api.Assertions.assertThat;

import edge.api.device.Reading;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class SlackTest {
    private static final Duration A_WHILE = Duration.ofMillis(3_300);
    private static final Duration A_MOMENT = Duration.ofMillis(1);

    private final Rig rig = new Rig();

    private long overruns() {
        return rig.table.device("plc").orElseThrow().scans().get(0).overruns();
    }

    @Test
    void to_stand_still_for_less_than_the_slack_costs_no_scan_and_for_longer_it_does() {
        rig.add(new TestDevice("plc", tag("a", SECOND)));
        rig.run(A_WHILE);

        assertThat(rig.engine.slack()).isBetween(SECOND, SECOND.multipliedBy(2));
        rig.time.pass(rig.engine.slack().minus(A_MOMENT));
        rig.run(A_MOMENT.dividedBy(2));
        assertThat(overruns()).isZero();

        rig.time.pass(rig.engine.slack());
        rig.run(A_MOMENT);
        assertThat(overruns()).isEqualTo(1);
    }

    @Test
    void a_scan_that_is_under_way_has_to_be_answered_before_the_next_one_is_due() {
        TestDevice device = new TestDevice("plc", tag("a", SECOND));
        rig.add(device);
        rig.run(A_WHILE);
        Duration before = rig.engine.slack();
        CompletableFuture<List<Reading>> answer = new CompletableFuture<>();
        device.answer = tags -> answer;
        rig.run(before.minus(SECOND).plus(A_MOMENT));

        assertThat(rig.engine.slack()).isEqualTo(SECOND.minus(A_MOMENT));

        rig.run(SECOND);
        assertThat(rig.engine.slack()).as("late already: nothing more is lost").isGreaterThan(Duration.ofDays(1));
    }

    @Test
    void without_a_device_there_is_no_limit_and_the_fastest_of_many_sets_it() {
        assertThat(rig.engine.slack()).isGreaterThan(Duration.ofDays(1));

        rig.add(new TestDevice("plc", tag("a", SECOND), tag("b", SECOND.dividedBy(10))));
        rig.add(new TestDevice("meter", tag("c", SECOND.multipliedBy(60))));
        rig.run(A_WHILE);

        assertThat(rig.engine.slack()).isLessThanOrEqualTo(SECOND.dividedBy(5));
    }
}
