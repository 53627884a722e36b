// SPDX-License-Identifier: Apache-2.0
package edge.runtime.scan;

import static edge.runtime.scan.TestDevice.SECOND;
import static edge.runtime.scan.TestDevice.good;
import static edge.runtime.scan.TestDevice.tag;
import static org.assertj.core.api.Assertions.assertThat;

import edge.api.device.Access;
import edge.api.device.Quality;
import edge.api.device.Quality.Reason;
import edge.api.device.Reading;
import edge.api.device.ReportPolicy;
import edge.api.device.Tag;
import edge.api.value.DataType;
import edge.api.value.Value;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

class ReportPolicyTest {
    private final Rig rig = new Rig();

    private Tag scan(ReportPolicy policy, int scans, IntFunction<Reading> reading) {
        Tag tag = tag("t", DataType.FLOAT64, Access.READ, SECOND, policy);
        TestDevice device = new TestDevice("plc", tag);
        device.answer = tags -> {
            Reading template = reading.apply(device.scans - 1);
            return CompletableFuture.completedFuture(
                List.of(new Reading(tag, template.value(), template.quality(), template.sourceTime())));
        };
        rig.add(device);
        while (device.scans < scans) {
            rig.run(Duration.ofMillis(100));
        }
        return tag;
    }

    // The very first scan comes as soon as the device does, off the grid of its period: times count from the second.
    private List<Long> secondsSinceSecond() {
        long first = rig.messages.get(1).at().monotonicNanos();
        return rig.messages.stream().skip(1).map(message -> (message.at().monotonicNanos() - first) / 1_000_000_000L).toList();
    }

    private static Reading value(double value) {
        return good(null, Value.real(value));
    }

    @Test
    void by_default_every_reading_is_published() {
        scan(ReportPolicy.ALWAYS, 4, i -> value(1));

        assertThat(rig.published("t")).hasSize(4);
    }

    @Test
    void on_change_only_what_leaves_the_deadband_around_the_last_published_value_is_published() {
        double[] values = {10, 10.4, 10.5, 10.6, 10.2, 10.0, 9.9};
        scan(new ReportPolicy(true, 0.5, Duration.ZERO), values.length, i -> value(values[i]));

        assertThat(rig.published("t")).containsExactly("10.0 NONE", "10.6 NONE", "10.0 NONE");
    }

    @Test
    void a_change_of_quality_is_always_published_and_a_change_of_its_words_is_not() {
        Quality[] qualities = {Quality.GOOD, Quality.uncertain(Reason.SENSOR, "1"), Quality.uncertain(Reason.SENSOR, "2"),
            Quality.uncertain(Reason.OUT_OF_RANGE, ""), Quality.bad(Reason.OUT_OF_RANGE, ""), Quality.GOOD};
        scan(new ReportPolicy(true, 100, Duration.ZERO), qualities.length,
            i -> new Reading(null, Value.real(1), qualities[i], TestDevice.SOURCE));

        assertThat(rig.published("t")).containsExactly("1.0 NONE", "1.0 SENSOR", "1.0 OUT_OF_RANGE", "1.0 OUT_OF_RANGE",
            "1.0 NONE");
    }

    @Test
    void a_heartbeat_publishes_at_least_that_often_and_begins_anew_with_each_change() {
        scan(new ReportPolicy(true, 0, Duration.ofSeconds(10)), 41, i -> value(i == 0 ? 0 : i < 16 ? 1 : 2));

        assertThat(secondsSinceSecond()).containsExactly(0L, 10L, 15L, 25L, 35L);
    }

    @Test
    void a_heartbeat_that_is_no_multiple_of_the_period_is_kept_early_rather_than_late() {
        scan(new ReportPolicy(true, 0, Duration.ofMillis(3_600)), 12, i -> value(i == 0 ? 0 : 1));

        assertThat(secondsSinceSecond()).containsExactly(0L, 3L, 6L, 9L);
    }

    @Test
    void a_heartbeat_shorter_than_the_period_publishes_every_reading() {
        scan(new ReportPolicy(true, 0, Duration.ofMillis(100)), 5, i -> value(1));

        assertThat(rig.messages).hasSize(5);
    }

    @Test
    void a_scan_without_anything_to_publish_makes_no_message_but_keeps_the_table_fresh() {
        Tag tag = scan(new ReportPolicy(true, 0, Duration.ZERO), 5, i -> value(1));

        assertThat(rig.messages).hasSize(1);
        assertThat(rig.table.tag("plc", tag.name()).orElseThrow().at().monotonicNanos())
            .isGreaterThan(rig.messages.get(0).at().monotonicNanos());
    }

    @Test
    void tags_that_report_by_themselves_take_the_same_way() {
        Tag edge = tag("edge", DataType.BOOL, Access.READ, Duration.ZERO, new ReportPolicy(true, 0, Duration.ZERO));
        TestDevice device = rig.add(new TestDevice("gpio", edge));

        device.listener.accept(List.of(good(edge, Value.TRUE)));
        device.listener.accept(List.of(good(edge, Value.TRUE)));
        device.listener.accept(List.of(good(edge, Value.FALSE), good(edge, Value.TRUE), good(edge, Value.FALSE)));

        assertThat(device.prepared).isEmpty();
        assertThat(rig.published("edge")).containsExactly("true NONE", "false NONE", "true NONE", "false NONE");
        assertThat(rig.reading("gpio", "edge").value()).isEqualTo(Value.FALSE);

        rig.engine.removeDevice(device);
        assertThat(device.observationClosed).isTrue();
        device.listener.accept(List.of(good(edge, Value.TRUE)));
        assertThat(rig.reason("gpio", "edge")).isEqualTo(Reason.PAUSED);
    }

    @Test
    void the_heartbeat_of_a_tag_that_reports_by_itself_is_kept_without_an_edge() {
        Tag edge = tag("edge", DataType.BOOL, Access.READ, Duration.ZERO, new ReportPolicy(true, 0, Duration.ofSeconds(10)));
        TestDevice device = rig.add(new TestDevice("gpio", edge));
        rig.run(SECOND.multipliedBy(30));
        assertThat(rig.messages).as("nothing known, nothing to repeat").isEmpty();

        device.listener.accept(List.of(good(edge, Value.TRUE)));
        rig.run(SECOND.multipliedBy(100));

        assertThat(rig.messages.size()).isBetween(11, 15);
        for (int i = 1; i < rig.messages.size(); i++) {
            assertThat(rig.messages.get(i).at().monotonicNanos() - rig.messages.get(i - 1).at().monotonicNanos())
                .isLessThanOrEqualTo(10_000_000_000L);
        }
        rig.engine.removeDevice(device);
        int before = rig.messages.size();
        rig.run(SECOND.multipliedBy(100));
        assertThat(rig.messages).hasSize(before);
    }

    @Test
    void a_report_of_a_tag_that_does_not_report_by_itself_is_a_fault_and_its_neighbours_are_taken() {
        Tag edge = tag("edge", DataType.BOOL, Access.READ, Duration.ZERO, ReportPolicy.ALWAYS);
        Tag scanned = tag("scanned", SECOND);
        TestDevice device = rig.add(new TestDevice("gpio", edge, scanned));

        device.listener.accept(List.of(good(scanned, Value.real(99)), good(edge, Value.TRUE)));
        device.listener.accept(null);

        assertThat(rig.reason("gpio", "scanned")).isEqualTo(Reason.NO_DATA);
        assertThat(rig.published("edge")).containsExactly("true NONE", "none DRIVER_FAULT");
        assertThat(rig.engine.check().reason()).contains("device gpio");
    }

    @Test
    void a_deadband_in_percent_is_taken_of_the_last_published_value_and_the_wider_deadband_counts() {
        double[] values = {100, 104, 105.1, 110, 111, -1, -1.04, -1.3, -1.6};
        scan(new ReportPolicy(ReportPolicy.Rule.ON_CHANGE, 0.25, 5, Duration.ZERO), values.length, i -> value(values[i]));

        assertThat(rig.published("t")).containsExactly("100.0 NONE", "105.1 NONE", "111.0 NONE", "-1.0 NONE", "-1.3 NONE",
            "-1.6 NONE");
    }

    @Test
    void what_is_never_published_is_in_the_table_all_the_same() {
        scan(ReportPolicy.NEVER, 5, i -> i == 3 ? new Reading(null, Value.NONE, Quality.bad(Reason.SENSOR, "broken"), TestDevice.SOURCE)
            : value(i));

        assertThat(rig.messages).isEmpty();
        assertThat(rig.reading("plc", "t").value()).isEqualTo(Value.real(4));
    }
}
