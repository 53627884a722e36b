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
import edge.api.health.HealthReport.Status;
import edge.api.value.DataType;
import edge.api.value.Value;
import java.time.Duration;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MisbehavingDriverTest {
    private final Rig rig = new Rig();
    private final Tag a = tag("a", SECOND);
    private final Tag b = tag("b", SECOND);
    private final TestDevice bad = new TestDevice("bad", a, b);
    private final TestDevice fine = new TestDevice("fine", tag("a", SECOND));

    static Stream<Arguments> answers() {
        return Stream.of(
            answer("throws", tags -> {
                throw new IllegalStateException("for the test");
            }),
            answer("throws an error", tags -> {
                throw new NoClassDefFoundError("for the test");
            }),
            answer("gives no stage", tags -> null),
            answer("fails the stage", tags -> CompletableFuture.failedFuture(new Exception("for the test"))),
            answer("completes with null", tags -> CompletableFuture.completedFuture(null)),
            answer("too few", tags -> CompletableFuture.completedFuture(List.of())),
            answer("too many", tags -> CompletableFuture.completedFuture(
                Stream.concat(tags.stream(), tags.stream()).map(tag -> good(tag, Value.real(1))).toList())),
            answer("nulls", tags -> CompletableFuture.completedFuture(Arrays.asList(new Reading[tags.size()]))),
            answer("wrong order", tags -> CompletableFuture.completedFuture(
                List.of(good(tags.get(1), Value.real(1)), good(tags.get(0), Value.real(1))))),
            answer("wrong type", tags -> CompletableFuture.completedFuture(
                tags.stream().map(tag -> good(tag, Value.TRUE)).toList())),
            answer("good without a value", tags -> CompletableFuture.completedFuture(
                tags.stream().map(tag -> good(tag, Value.NONE)).toList())),
            answer("no quality", tags -> CompletableFuture.completedFuture(
                tags.stream().map(tag -> new Reading(tag, Value.real(1), null, TestDevice.SOURCE)).toList())),
            answer("no time", tags -> CompletableFuture.completedFuture(
                tags.stream().map(tag -> new Reading(tag, Value.real(1), Quality.GOOD, null)).toList())),
            answer("a list of something else", tags -> CompletableFuture.completedFuture(notReadings())),
            answer("a list that throws", tags -> CompletableFuture.completedFuture(new AbstractList<>() {
                @Override
                public Reading get(int index) {
                    throw new IllegalStateException("for the test");
                }

                @Override
                public int size() {
                    return 2;
                }
            })));
    }

    private static Arguments answer(String name, Function<List<Tag>, CompletionStage<List<Reading>>> answer) {
        return Arguments.of(name, answer);
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // what a driver compiled with raw types can do
    private static List<Reading> notReadings() {
        return (List) List.of("a", "b");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("answers")
    void a_scan_that_breaks_its_contract_turns_its_tags_bad_and_nobody_elses(String name,
        Function<List<Tag>, CompletionStage<List<Reading>>> answer) {
        bad.answer = answer;
        rig.add(bad);
        rig.add(fine);

        rig.run(SECOND.multipliedBy(3));

        assertThat(rig.reason("bad", "a")).isEqualTo(Reason.DRIVER_FAULT);
        assertThat(rig.reason("bad", "b")).isEqualTo(Reason.DRIVER_FAULT);
        assertThat(rig.reading("bad", "a").quality().detail()).isNotBlank();
        assertThat(rig.reading("fine", "a").quality().isGood()).isTrue();
        assertThat(bad.scans).as("goes on trying").isGreaterThanOrEqualTo(3);
        assertThat(fine.scans).isGreaterThanOrEqualTo(3);
        assertThat(rig.events).as("told once").hasSize(1);
        assertThat(rig.engine.check().status()).isEqualTo(Status.WARN);

        bad.answer = tags -> CompletableFuture.completedFuture(bad.readings(tags));
        rig.run(SECOND);

        assertThat(rig.reading("bad", "a").quality().isGood()).isTrue();
        assertThat(rig.events).hasSize(2);
        assertThat(rig.engine.check().status()).isEqualTo(Status.OK);
    }

    @Test
    void one_wrong_reading_does_not_spoil_its_neighbour() {
        bad.answer = tags -> CompletableFuture.completedFuture(Arrays.asList(null, good(b, Value.real(2))));
        rig.add(bad);
        rig.run(SECOND);

        assertThat(rig.reason("bad", "a")).isEqualTo(Reason.DRIVER_FAULT);
        assertThat(rig.reading("bad", "b").value()).isEqualTo(Value.real(2));
    }

    @Test
    void a_scan_that_cannot_be_prepared_turns_its_tags_bad_and_the_others_are_read() {
        TestDevice device = new TestDevice("plc", a, tag("slow", SECOND.multipliedBy(2)));
        var normal = device.preparation;
        device.preparation = tags -> {
            if (tags.contains(a)) {
                throw new IllegalArgumentException("no address");
            }
            return normal.apply(tags);
        };
        rig.add(device);
        rig.run(SECOND.multipliedBy(2));

        assertThat(rig.reason("plc", "a")).isEqualTo(Reason.DRIVER_FAULT);
        assertThat(rig.reading("plc", "a").quality().detail()).contains("no address");
        assertThat(rig.reading("plc", "slow").quality().isGood()).isTrue();
    }

    @Test
    void a_device_that_falls_silent_is_bad_within_two_periods() {
        rig.add(bad);
        rig.run(SECOND.multipliedBy(3));
        CompletableFuture<List<Reading>> never = new CompletableFuture<>();
        bad.answer = tags -> never;
        Duration lastAnswer = Duration.ofNanos(rig.table.tag("bad", "a").orElseThrow().at().monotonicNanos());

        rig.run(lastAnswer.plusSeconds(2).minusMillis(1).minus(rig.time.passed()));
        assertThat(rig.reading("bad", "a").quality().isGood()).isTrue();
        Value last = rig.reading("bad", "a").value();
        rig.messages.clear();
        rig.run(Duration.ofMillis(1));

        assertThat(rig.reason("bad", "a")).isEqualTo(Reason.STALE);
        assertThat(rig.reading("bad", "a").quality().isBad()).isTrue();
        assertThat(rig.table.tag("bad", "a").orElseThrow().lastGood().value()).isEqualTo(last);
        assertThat(rig.published("a")).containsExactly("none STALE");

        rig.run(SECOND.multipliedBy(10));
        assertThat(rig.reason("bad", "a")).isEqualTo(Reason.DRIVER_FAULT);
        assertThat(rig.published("b")).containsExactly("none STALE", "none DRIVER_FAULT");
        int scans = bad.scans;
        rig.run(SECOND.multipliedBy(100));
        assertThat(bad.scans).as("not run again before it completes").isEqualTo(scans);

        bad.answer = tags -> CompletableFuture.completedFuture(bad.readings(tags));
        never.complete(bad.readings(bad.tags()));
        assertThat(rig.reading("bad", "a").quality().isGood()).isTrue();
        rig.run(SECOND);
        assertThat(bad.scans).isEqualTo(scans + 1);
        assertThat(rig.engine.check().status()).isEqualTo(Status.OK);
    }

    @Test
    void a_fast_scan_that_never_ends_is_a_fault_after_ten_seconds_and_a_slow_one_after_ten_periods() {
        TestDevice device = new TestDevice("plc", tag("fast", Duration.ofMillis(100)), tag("slow", SECOND.multipliedBy(5)));
        device.answer = tags -> new CompletableFuture<>();
        rig.add(device);

        rig.run(Duration.ofMillis(9_900));
        assertThat(rig.reason("plc", "fast")).isEqualTo(Reason.NO_DATA);
        rig.run(Duration.ofMillis(400));
        assertThat(rig.reason("plc", "fast")).isEqualTo(Reason.DRIVER_FAULT);
        rig.run(SECOND.multipliedBy(39));
        assertThat(rig.reason("plc", "slow")).isEqualTo(Reason.NO_DATA);
        rig.run(SECOND.multipliedBy(6));
        assertThat(rig.reason("plc", "slow")).isEqualTo(Reason.DRIVER_FAULT);
    }

    @Test
    void a_device_whose_scan_takes_longer_than_its_period_does_not_flicker_between_good_and_stale() {
        List<Runnable> answers = new ArrayList<>();
        bad.answer = tags -> {
            CompletableFuture<List<Reading>> stage = new CompletableFuture<>();
            answers.add(() -> stage.complete(bad.readings(tags)));
            rig.time.schedule.at(rig.time.getAsLong() + 1_700_000_000L, (now, missed) -> answers.remove(0).run());
            return stage;
        };
        rig.add(bad);
        rig.run(SECOND.multipliedBy(10));
        rig.messages.clear();
        rig.run(SECOND.multipliedBy(20));

        assertThat(rig.messages).hasSize(10);
        assertThat(rig.published("a")).allMatch(text -> text.endsWith("NONE"));
    }

    @Test
    void a_stage_that_completes_twice_counts_once() {
        List<CompletableFuture<List<Reading>>> stages = new ArrayList<>();
        bad.answer = tags -> {
            TwiceCompletable stage = new TwiceCompletable();
            stages.add(stage);
            return stage;
        };
        rig.add(bad);
        rig.run(SECOND);
        TwiceCompletable first = (TwiceCompletable) stages.get(0);
        first.tell(List.of(good(a, Value.real(1)), good(b, Value.real(1))));
        rig.run(SECOND);
        first.tell(List.of(good(a, Value.real(2)), good(b, Value.real(2))));

        assertThat(rig.reading("bad", "a").value()).isEqualTo(Value.real(1));
        rig.run(SECOND.multipliedBy(2));
        assertThat(stages).as("the second time did not end the run that is under way").hasSize(2);
    }

    @Test
    void a_list_that_the_driver_changes_afterwards_changes_nothing() {
        List<Reading> reused = new ArrayList<>(List.of(good(a, Value.real(1)), good(b, Value.real(1))));
        bad.answer = tags -> CompletableFuture.completedFuture(reused);
        rig.add(bad);
        rig.run(SECOND);
        reused.set(0, null);

        assertThat(rig.messages.get(0).readings().get(0).value()).isEqualTo(Value.real(1));
    }

    @Test
    void a_link_that_cannot_be_told_counts_as_disconnected() {
        bad.link = null;
        rig.add(bad);

        assertThat(rig.table.device("bad").orElseThrow().link().detail()).isNotBlank();
    }

    @Test
    void a_value_that_is_not_a_number_is_bad_and_leaves_the_last_good_one() {
        Tag real = tag("r", DataType.FLOAT64, Access.READ, SECOND, new ReportPolicy(true, 0, Duration.ZERO));
        TestDevice device = new TestDevice("plc", real);
        double[] values = {1, Double.NaN, Double.NaN, Double.POSITIVE_INFINITY, 1};
        device.answer = tags -> CompletableFuture.completedFuture(List.of(good(real, Value.real(values[device.scans - 1]))));
        rig.add(device);
        rig.run(SECOND);
        while (device.scans < 3) {
            rig.run(Duration.ofMillis(100));
        }

        assertThat(rig.reason("plc", "r")).isEqualTo(Reason.OUT_OF_RANGE);
        assertThat(rig.table.tag("plc", "r").orElseThrow().lastGood().value()).isEqualTo(Value.real(1));
        while (device.scans < 5) {
            rig.run(Duration.ofMillis(100));
        }
        assertThat(rig.published("r")).containsExactly("1.0 NONE", "NaN OUT_OF_RANGE", "Infinity OUT_OF_RANGE", "1.0 NONE");
    }

    @Test
    void a_driver_that_blocks_is_called_beside_the_timer_from_the_third_time_on() {
        bad.answer = tags -> {
            rig.time.pass(Duration.ofMillis(50));
            return CompletableFuture.completedFuture(bad.readings(tags));
        };
        rig.add(bad);
        rig.run(SECOND.multipliedBy(4));
        assertThat(bad.scans).isEqualTo(3);
        assertThat(rig.besideTimer).as("one is under way and no other is begun").hasSize(1);
        assertThat(rig.events).singleElement().asString().contains("does not return at once");

        rig.besideTimer.remove(0).run();
        assertThat(rig.reading("bad", "a").value()).isEqualTo(Value.real(4));
        rig.beside = job -> {
            throw new RejectedExecutionException("too many");
        };
        rig.run(SECOND.multipliedBy(2));
        assertThat(bad.scans).isEqualTo(4);
        rig.beside = Runnable::run;
        rig.run(SECOND);
        assertThat(bad.scans).isEqualTo(5);
    }

    @Test
    void a_driver_that_is_slow_now_and_then_stays_on_the_timer() {
        bad.answer = tags -> {
            rig.time.pass(Duration.ofMillis(bad.scans % 3 == 0 ? 1 : 50));
            return CompletableFuture.completedFuture(bad.readings(tags));
        };
        rig.add(bad);
        rig.run(SECOND.multipliedBy(20));

        assertThat(bad.scans).isGreaterThanOrEqualTo(20);
        assertThat(rig.besideTimer).isEmpty();
    }

    /** Tells its listeners whatever it is told, as often as it is told. */
    private static final class TwiceCompletable extends CompletableFuture<List<Reading>> {
        private final List<java.util.function.BiConsumer<? super List<Reading>, ? super Throwable>> listeners = new ArrayList<>();

        @Override
        public CompletableFuture<List<Reading>> whenComplete(
            java.util.function.BiConsumer<? super List<Reading>, ? super Throwable> action) {
            listeners.add(action);
            return this;
        }

        void tell(List<Reading> readings) {
            listeners.forEach(listener -> listener.accept(readings, null));
        }
    }
}
