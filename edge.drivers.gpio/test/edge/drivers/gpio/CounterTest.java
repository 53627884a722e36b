// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import edge.api.device.Reading;
import edge.api.device.Scan;
import edge.api.value.Value;
import edge.drivers.gpio.LineConfig.Counter;
import edge.drivers.gpio.LineConfig.Edge;
import edge.drivers.gpio.LineConfig.Input;
import edge.drivers.gpio.LineConfig.Pull;
import edge.drivers.gpio.LineConfig.Rate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Counting of pulses. That the kernel's edges are counted too is shown in edge.lab, on a kernel. */
@Timeout(30)
class CounterTest {

    private static final String VOLUME = """
        {"name": "pulses", "line": 1, "direction": "counter", "access": "read-write"},
        {"name": "volume", "line": 2, "direction": "counter", "perPulse": 0.5, "unit": "l", "access": "read-write",
         "rate": {"name": "flow", "unit": "l/min", "per": "minute"}}""";

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    Path folder;

    private static List<Value> scan(Fixture f) throws Exception {
        Scan scan = f.device.prepare(f.device.tags());
        return scan.run().toCompletableFuture().get(5, TimeUnit.SECONDS).stream().map(Reading::value).toList();
    }

    private static PulseCounter counter() {
        Input input = new Input(Edge.RISING, Duration.ZERO, Pull.NONE, Duration.ZERO);
        return new PulseCounter(new Counter(input, 0, "",
            Optional.of(new Rate("r", "", Duration.ofSeconds(1), Duration.ofSeconds(60)))));
    }

    @Test
    void rising_edges_are_counted_and_worth_what_the_configuration_says() throws Exception {
        try (Fixture f = Fixture.mock(VOLUME)) {
            Fixture.await("claimed", () -> f.device.link().detail().isEmpty());
            f.pull(0, true, false, true, false);
            f.pull(1, true, false, true, false, true);
            assertThat(scan(f)).startsWith(Value.unsigned(2), Value.real(1.5));
            assertThat(f.reports).as("a counter is read, it does not report").isEmpty();
        }
    }

    @Test
    void a_counter_goes_on_from_what_is_written() throws Exception {
        try (Fixture f = Fixture.mock(VOLUME)) {
            Fixture.await("claimed", () -> f.device.link().detail().isEmpty());
            f.device.write(f.tag("pulses"), Value.unsigned(1000)).toCompletableFuture().get(5, TimeUnit.SECONDS);
            f.device.write(f.tag("volume"), Value.real(12.5)).toCompletableFuture().get(5, TimeUnit.SECONDS);
            f.pull(0, true);
            f.pull(1, true);
            assertThat(scan(f)).startsWith(Value.unsigned(1001), Value.real(13));
        }
    }

    @Test
    void a_stop_in_order_loses_no_count() throws Exception {
        try (Fixture f = new Fixture("mock", "", Fixture.text("mock", VOLUME), folder)) {
            Fixture.await("claimed", () -> f.device.link().detail().isEmpty());
            f.pull(0, true, false, true);
        }
        try (Fixture f = new Fixture("mock", "", Fixture.text("mock", VOLUME), folder)) {
            Fixture.await("claimed", () -> f.device.link().detail().isEmpty());
            assertThat(scan(f)).startsWith(Value.unsigned(2));
        }
    }

    @Test
    void a_damaged_memory_costs_the_counts_and_nothing_else() throws Exception {
        Files.writeString(folder.resolve("panel.json"), "{\"clean\": tr");
        try (Fixture f = new Fixture("mock", "", Fixture.text("mock", VOLUME), folder)) {
            Fixture.await("claimed", () -> f.device.link().detail().isEmpty());
            assertThat(scan(f)).startsWith(Value.unsigned(0));
        }
        assertThat(folder.resolve("panel.json")).hasContent("{\"clean\": true, \"counts\": {\"pulses\": 0, \"volume\": 0}}");
    }

    @Test
    void the_rate_comes_from_the_pulses_own_times_and_falls_while_none_comes() {
        PulseCounter counter = counter();
        assertThat(counter.rate(START)).isZero();
        counter.add(1, START);
        assertThat(counter.rate(START)).as("one pulse is no rate").isZero();
        counter.add(1, START.plusMillis(100));
        counter.add(3, START.plusMillis(400));
        assertThat(counter.rate(START.plusMillis(450))).isCloseTo(10, within(1e-9));
        assertThat(counter.rate(START.plusMillis(500))).as("still possible").isCloseTo(10, within(1e-9));
        assertThat(counter.rate(START.plusMillis(2400))).as("at most one in two seconds").isCloseTo(0.5, within(1e-9));
        assertThat(counter.rate(START.plusSeconds(61))).isZero();
        counter.add(1, START.plusMillis(62_400));
        assertThat(counter.rate(START.plusMillis(62_400))).as("one pulse in the 62 s since").isCloseTo(1 / 62.0, within(1e-9));
    }

    @Test
    void setting_the_count_is_no_pulse() {
        PulseCounter counter = counter();
        counter.add(1, START);
        counter.rate(START);
        counter.set(1_000_000);
        counter.add(1, START.plusSeconds(1));
        assertThat(counter.count()).isEqualTo(1_000_001);
        assertThat(counter.rate(START.plusSeconds(1))).isCloseTo(1, within(1e-9));
    }
}
