// SPDX-License-Identifier: Apache-2.0
package edge.runtime.scan;

import static edge.runtime.scan.TestDevice.SECOND;
import static edge.runtime.scan.TestDevice.good;
import static edge.runtime.scan.TestDevice.tag;
import static org.assertj.core.api.Assertions.assertThat;

import edge.api.device.Access;
import edge.api.device.DeviceState;
import edge.api.device.LinkState;
import edge.api.device.Quality.Reason;
import edge.api.device.Reading;
import edge.api.device.ReportPolicy;
import edge.api.device.ScanStatistics;
import edge.api.device.Tag;
import edge.api.device.TagState;
import edge.api.health.HealthReport.Status;
import edge.api.message.ScanMessage;
import edge.api.value.DataType;
import edge.api.value.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ScanEngineTest {
    private final Rig rig = new Rig();

    @Test
    void tags_that_share_a_period_are_prepared_once_and_make_one_message() {
        TestDevice device = rig.add(new TestDevice("plc", tag("a", SECOND), tag("slow", SECOND.multipliedBy(10)),
            tag("b", SECOND)));

        rig.run(SECOND.multipliedBy(20));

        assertThat(device.prepared).extracting(tags -> tags.stream().map(Tag::name).toList())
            .containsExactly(List.of("a", "b"), List.of("slow"));
        assertThat(rig.messages.get(rig.messages.size() - 1).device()).isEqualTo("plc");
        assertThat(rig.messages).filteredOn(message -> message.readings().size() == 2).hasSizeBetween(20, 21);
        assertThat(rig.messages).filteredOn(message -> message.readings().size() == 1).hasSizeBetween(2, 3);
    }

    @Test
    void write_only_tags_are_not_scanned() {
        TestDevice device = rig.add(new TestDevice("plc", tag("a", SECOND),
            tag("out", DataType.FLOAT64, Access.WRITE, SECOND, ReportPolicy.ALWAYS)));

        rig.run(SECOND);

        assertThat(device.prepared).hasSize(1);
        assertThat(device.prepared.get(0)).extracting(Tag::name).containsExactly("a");
        assertThat(rig.reason("plc", "out")).isEqualTo(Reason.NO_DATA);
    }

    @Test
    void a_reading_is_in_the_table_with_the_moment_of_its_scan() {
        rig.add(new TestDevice("plc", tag("a", SECOND), tag("b", SECOND)));
        TagState before = rig.table.tag("plc", "a").orElseThrow();
        assertThat(before.reading().quality().reason()).isEqualTo(Reason.NO_DATA);
        assertThat(before.lastGood().value()).isEqualTo(Value.NONE);

        rig.run(SECOND);

        TagState state = rig.table.tag("plc", "a").orElseThrow();
        ScanMessage message = rig.messages.get(rig.messages.size() - 1);
        assertThat(state.reading()).isSameAs(state.lastGood()).isSameAs(message.readings().get(0));
        assertThat(state.at()).isSameAs(message.at()).isSameAs(rig.table.tag("plc", "b").orElseThrow().at());
    }

    @Test
    void a_tag_that_is_read_once_a_day_is_read_at_once_when_its_device_appears() {
        TestDevice device = rig.add(new TestDevice("meter", tag("energy", Duration.ofDays(1))));

        rig.run(SECOND);

        assertThat(device.scans).isEqualTo(1);
    }

    @Test
    void scans_keep_their_times_and_overruns_are_skipped_and_counted() {
        TestDevice device = new TestDevice("plc", tag("a", SECOND));
        List<CompletableFuture<List<Reading>>> pending = new ArrayList<>();
        device.answer = tags -> {
            pending.add(new CompletableFuture<>());
            return pending.get(pending.size() - 1);
        };
        rig.add(device);
        rig.run(SECOND);
        int first = pending.size();

        rig.run(Duration.ofMillis(2_500));
        assertThat(pending).as("never started again while under way").hasSize(first);
        pending.get(first - 1).complete(device.readings(device.tags()));
        rig.run(SECOND);

        assertThat(pending).as("not made up for").hasSize(first + 1);
        ScanStatistics statistics = rig.table.device("plc").orElseThrow().scans().get(0);
        assertThat(statistics.overruns()).isBetween(3L, 4L);
        assertThat(statistics.completed()).isEqualTo(first);
        assertThat(statistics.last()).isGreaterThanOrEqualTo(Duration.ofMillis(2_500));
    }

    @Test
    void a_thousand_devices_do_not_fire_together() {
        Set<Duration> times = new HashSet<>();
        int[] together = new int[1];
        for (int i = 0; i < 1_000; i++) {
            TestDevice device = new TestDevice("device-" + i, tag("a", SECOND.multipliedBy(10)));
            device.answer = tags -> {
                if (!times.add(rig.time.passed())) {
                    together[0]++;
                }
                return CompletableFuture.completedFuture(device.readings(tags));
            };
            rig.add(device);
        }
        rig.run(SECOND.multipliedBy(11));
        times.clear();

        rig.run(SECOND.multipliedBy(10));

        assertThat(times).hasSizeBetween(500, 1_000);
    }

    @Test
    void a_second_device_of_the_same_name_is_refused_and_takes_over_when_the_first_goes() {
        TestDevice first = rig.add(new TestDevice("plc", tag("a", SECOND)));
        TestDevice second = rig.add(new TestDevice("plc", tag("a", SECOND)));
        rig.run(SECOND.multipliedBy(2));
        int before = first.scans;
        rig.run(SECOND);

        assertThat(first.scans).isEqualTo(before + 1);
        assertThat(second.scans).isZero();
        assertThat(rig.engine.check().status()).isEqualTo(Status.WARN);
        assertThat(rig.engine.check().reason()).contains("two devices named plc");
        assertThat(rig.events).hasSize(1);

        rig.engine.removeDevice(first);
        rig.run(SECOND);

        assertThat(second.scans).isPositive();
        assertThat(rig.engine.check().status()).isEqualTo(Status.OK);
    }

    @Test
    void a_device_that_cannot_describe_itself_is_refused_and_others_run() {
        rig.add(new TestDevice("twice", tag("a", SECOND), tag("a", SECOND)));
        TestDevice good = rig.add(new TestDevice("plc", tag("a", SECOND)));
        rig.run(SECOND);

        assertThat(good.scans).isPositive();
        assertThat(rig.table.device("twice")).isEmpty();
        assertThat(rig.engine.check().reason()).contains("device twice cannot be used: two of its tags are named a");
    }

    @Test
    void a_device_that_goes_is_paused_in_table_and_data_and_forgotten_half_a_minute_later() {
        TestDevice device = rig.add(new TestDevice("plc", tag("a", SECOND)));
        rig.run(SECOND);
        rig.messages.clear();

        rig.engine.removeDevice(device);

        assertThat(rig.published("a")).containsExactly("none PAUSED");
        assertThat(rig.reason("plc", "a")).isEqualTo(Reason.PAUSED);
        assertThat(rig.table.tag("plc", "a").orElseThrow().lastGood().value()).isNotEqualTo(Value.NONE);
        assertThat(rig.table.device("plc").orElseThrow().link().phase()).isEqualTo(LinkState.Phase.DISCONNECTED);
        int scans = device.scans;
        rig.run(Duration.ofSeconds(29));
        assertThat(device.scans).isEqualTo(scans);
        assertThat(rig.table.device("plc")).isPresent();
        rig.run(Duration.ofSeconds(2));
        assertThat(rig.table.devices()).isEmpty();
    }

    @Test
    void a_driver_that_is_replaced_keeps_what_was_known_and_its_first_reading_is_published() {
        Tag onChange = tag("a", DataType.FLOAT64, Access.READ, SECOND, new ReportPolicy(true, 0, Duration.ZERO));
        TestDevice before = new TestDevice("plc", onChange);
        before.answer = tags -> CompletableFuture.completedFuture(List.of(good(onChange, Value.real(7))));
        rig.add(before);
        rig.run(SECOND.multipliedBy(3));
        rig.engine.removeDevice(before);
        TestDevice after = new TestDevice("plc", onChange);
        after.answer = before.answer;
        rig.add(after);

        TagState state = rig.table.tag("plc", "a").orElseThrow();
        assertThat(state.reading().quality().reason()).isEqualTo(Reason.PAUSED);
        assertThat(state.lastGood().value()).isEqualTo(Value.real(7));
        rig.run(SECOND.multipliedBy(60));

        assertThat(rig.published("a")).containsExactly("7.0 NONE", "none PAUSED", "7.0 NONE");
        assertThat(rig.table.device("plc")).isPresent();
    }

    @Test
    void a_result_that_comes_after_its_device_has_gone_is_dropped() {
        TestDevice device = new TestDevice("plc", tag("a", SECOND));
        CompletableFuture<List<Reading>> late = new CompletableFuture<>();
        device.answer = tags -> late;
        rig.add(device);
        rig.run(SECOND);
        rig.engine.removeDevice(device);

        late.complete(device.readings(device.tags()));

        assertThat(rig.reason("plc", "a")).isEqualTo(Reason.PAUSED);
        assertThat(rig.published("a")).containsExactly("none PAUSED");
    }

    @Test
    void what_is_read_seldom_is_read_at_once_when_the_link_returns() {
        TestDevice device = new TestDevice("meter", tag("energy", Duration.ofHours(1)));
        device.link = new LinkState(LinkState.Phase.DISCONNECTED, TestDevice.SOURCE, "off");
        rig.add(device);
        rig.run(SECOND.multipliedBy(5));
        int before = device.scans;

        device.link = new LinkState(LinkState.Phase.CONNECTED, TestDevice.SOURCE, "");
        rig.run(SECOND.multipliedBy(5));

        assertThat(device.scans).isEqualTo(before + 1);
    }

    @Test
    void messages_of_a_device_keep_their_order_even_if_publishing_brings_the_next_result() {
        TestDevice device = new TestDevice("plc", tag("a", SECOND), tag("b", Duration.ofMillis(500)));
        List<CompletableFuture<List<Reading>>> pending = new ArrayList<>();
        device.answer = tags -> {
            pending.add(new CompletableFuture<>());
            return pending.get(pending.size() - 1).thenApply(none -> device.readings(tags));
        };
        List<String> seen = new ArrayList<>();
        rig.bus = message -> {
            seen.add("begin " + rig.messages.indexOf(message));
            List<CompletableFuture<List<Reading>>> now = List.copyOf(pending);
            pending.clear();
            now.forEach(stage -> stage.complete(null));
            seen.add("end " + rig.messages.indexOf(message));
            return CompletableFuture.completedFuture(null);
        };
        rig.add(device);
        rig.run(SECOND.multipliedBy(2));
        List.copyOf(pending).get(0).complete(null);

        assertThat(seen).containsExactly("begin 0", "end 0", "begin 1", "end 1");
    }

    @Test
    void without_a_bus_the_table_goes_on_and_health_tells() {
        rig.engine.unsetBus(rig);
        rig.add(new TestDevice("plc", tag("a", SECOND)));
        rig.run(SECOND);

        assertThat(rig.reading("plc", "a").quality().isGood()).isTrue();
        assertThat(rig.engine.check().status()).isEqualTo(Status.WARN);
        assertThat(rig.engine.check().reason()).contains("no message bus");
    }

    @Test
    void refused_messages_are_counted_in_health_until_one_is_taken_again() {
        rig.bus = message -> CompletableFuture.failedFuture(new IllegalStateException("the journal is full"));
        rig.add(new TestDevice("plc", tag("a", SECOND)));
        rig.run(SECOND.multipliedBy(3));

        int refused = rig.messages.size();
        assertThat(refused).isGreaterThanOrEqualTo(3);
        assertThat(rig.engine.check().status()).isEqualTo(Status.CRITICAL);
        assertThat(rig.engine.check().reason()).startsWith(refused + " messages").contains("the journal is full");

        rig.bus = message -> {
            throw new IllegalStateException("not even a stage");
        };
        rig.run(SECOND);
        assertThat(rig.engine.check().reason()).startsWith(refused + 1 + " messages");

        rig.bus = message -> CompletableFuture.completedFuture(null);
        rig.run(SECOND);
        assertThat(rig.engine.check().status()).isEqualTo(Status.OK);
    }

    @Test
    void observers_of_the_table_get_the_tags_that_were_read() {
        List<String> seen = new ArrayList<>();
        var observation = rig.table.observe(states ->
            states.forEach(state -> seen.add(state.device() + "/" + state.reading().tag().name())));
        rig.table.observe(states -> {
            throw new IllegalStateException("for the test");
        });
        rig.add(new TestDevice("plc", tag("a", SECOND), tag("b", SECOND)));
        rig.run(SECOND);
        observation.close();
        rig.run(SECOND.multipliedBy(3));

        assertThat(seen.subList(0, 2)).containsExactly("plc/a", "plc/b");
        assertThat(seen.size()).isLessThanOrEqualTo(4);
    }

    @Test
    void devices_are_listed_by_name_with_their_tags_in_their_own_order() {
        rig.add(new TestDevice("b", tag("z", SECOND), tag("a", SECOND.multipliedBy(2)), tag("m", SECOND)));
        rig.add(new TestDevice("a", tag("x", SECOND)));

        assertThat(rig.table.devices()).extracting(state -> state.info().name()).containsExactly("a", "b");
        DeviceState state = rig.table.devices().get(1);
        assertThat(state.tags()).extracting(one -> one.reading().tag().name()).containsExactly("z", "a", "m");
        assertThat(state.scans()).extracting(ScanStatistics::tags).containsExactly(2, 1);
    }

    @Test
    void closing_the_engine_pauses_every_device_and_starts_no_scan_any_more() {
        TestDevice device = rig.add(new TestDevice("plc", tag("a", SECOND)));
        rig.run(SECOND);
        int before = device.scans;

        rig.engine.close();
        rig.engine.removeDevice(device);
        rig.run(SECOND.multipliedBy(5));

        assertThat(device.scans).isEqualTo(before);
        assertThat(rig.reason("plc", "a")).isEqualTo(Reason.PAUSED);
        assertThat(rig.time.schedule.runNext()).as("nothing is left in the timer").isEqualTo(Schedule.NOTHING);
    }
}
