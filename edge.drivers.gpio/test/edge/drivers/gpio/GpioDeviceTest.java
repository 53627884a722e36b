// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import edge.api.device.DeviceException;
import edge.api.device.FieldDevice.Observation;
import edge.api.device.LinkState.Phase;
import edge.api.device.Quality;
import edge.api.device.Reading;
import edge.api.device.Scan;
import edge.api.gateway.Gateway;
import edge.api.health.HealthReport.Status;
import edge.api.value.Value;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class GpioDeviceTest {

    private static final String IN = "{\"name\": \"in\", \"line\": 1, \"direction\": \"in\"}";

    private static final Gateway GATEWAY = new Gateway() {
        @Override
        public UUID id() {
            return new UUID(1, 2);
        }

        @Override
        public Labels labels() {
            return new Labels("org", "site", "gateway");
        }

        @Override
        public String version() {
            return "1";
        }

        @Override
        public Instant startedAt() {
            return Instant.EPOCH;
        }

        @Override
        public Path data() {
            return Path.of("unused");
        }
    };

    private static DeviceException failure(CompletionStage<Void> write) {
        return assertThatExceptionOfType(ExecutionException.class)
            .isThrownBy(() -> write.toCompletableFuture().get(5, TimeUnit.SECONDS))
            .withCauseInstanceOf(DeviceException.class).actual().getCause() instanceof DeviceException cause ? cause : null;
    }

    @Test
    void the_level_at_start_is_reported_at_once_and_together() {
        try (Fixture f = Fixture.mock(IN + """
            , {"name": "up", "line": 2, "direction": "in", "pull": "up"},
              {"name": "button", "line": 3, "direction": "in", "pull": "up", "activeLow": true},
              {"name": "lamp", "line": 4, "direction": "out", "initial": true},
              {"name": "scanned", "line": 5, "direction": "in", "period": 50}""")) {
            f.awaitValues("in=false", "up=true", "button=false", "lamp=true");
            assertThat(f.reports).as("in one report").hasSize(1);
            assertThat(f.device.link().phase()).isEqualTo(Phase.CONNECTED);
            assertThat(f.device.link().detail()).isEmpty();
        }
    }

    @Test
    void both_edges_are_reported_with_their_own_time_on_one_thread() {
        try (Fixture f = Fixture.mock(IN)) {
            f.awaitValues("in=false");
            Instant before = Instant.now();
            f.pull(0, true, false, true);
            f.awaitValues("in=false", "in=true", "in=false", "in=true");

            assertThat(f.readings()).extracting(Reading::sourceTime).isSorted();
            assertThat(f.readings().get(1).sourceTime()).isBetween(before, Instant.now());
            assertThat(f.reportingThreads.stream().distinct()).extracting(Thread::getName).containsExactly("edge-gpio-panel");
        }
    }

    @Test
    void rising_and_falling_report_only_their_own_edge() {
        try (Fixture f = Fixture.mock("""
            {"name": "r", "line": 1, "direction": "in", "edge": "rising"},
            {"name": "f", "line": 2, "direction": "in", "edge": "falling"}""")) {
            f.awaitValues("r=false", "f=false");
            f.pull(0, true, false, true);
            f.pull(1, true, false, true);
            f.awaitValues("r=false", "f=false", "r=true", "r=true", "f=false");
        }
    }

    @Test
    void an_active_low_input_rises_when_its_level_falls() {
        try (Fixture f = Fixture.mock("{\"name\": \"a\", \"line\": 1, \"direction\": \"in\", \"activeLow\": true, \"edge\": \"rising\"}")) {
            f.awaitValues("a=true");
            f.pull(0, true, false);
            f.awaitValues("a=true", "a=true");
        }
    }

    @Test
    void a_bounce_is_not_reported_and_the_level_that_holds_bears_the_time_of_its_edge() {
        try (Fixture f = Fixture.mock("{\"name\": \"d\", \"line\": 1, \"direction\": \"in\", \"debounce\": 150}")) {
            f.awaitValues("d=false");
            f.pull(0, true, false);
            Instant before = Instant.now();
            f.pull(0, true, false, true, false, true);
            Instant after = Instant.now();
            f.awaitValues("d=false", "d=true");
            Instant reported = Instant.now();

            assertThat(Duration.between(before, reported)).isGreaterThanOrEqualTo(Duration.ofMillis(150));
            assertThat(f.readings().get(1).sourceTime()).isBetween(before, after);
            f.pull(0, false);
            f.awaitValues("d=false", "d=true", "d=false");
        }
    }

    @Test
    void a_simulated_input_toggles_by_itself() {
        try (Fixture f = Fixture.mock("{\"name\": \"t\", \"line\": 1, \"direction\": \"in\", \"toggle\": 60}")) {
            Fixture.await("six edges", () -> f.readings().size() > 6);
            assertThat(f.values().subList(0, 6)).containsExactly("t=false", "t=true", "t=false", "t=true", "t=false", "t=true");
        }
    }

    @Test
    void a_write_drives_the_line_and_is_reported() throws Exception {
        try (Fixture f = Fixture.mock("{\"name\": \"o\", \"line\": 1, \"direction\": \"out\", \"access\": \"read-write\", \"activeLow\": true}")) {
            f.awaitValues("o=false");
            f.device.write(f.tag("o"), Value.TRUE).toCompletableFuture().get(5, TimeUnit.SECONDS);
            f.awaitValues("o=false", "o=true");
        }
    }

    @Test
    void a_write_that_is_not_allowed_or_not_possible_says_why() {
        try (Fixture f = Fixture.mock(IN + ", {\"name\": \"lamp\", \"line\": 2, \"direction\": \"out\", \"access\": \"read-write\"}")) {
            f.awaitValues("in=false", "lamp=false");
            assertThat(failure(f.device.write(f.tag("in"), Value.TRUE)))
                .hasMessage("device panel, tag in: is not configured as writable");
            assertThat(failure(f.device.write(f.tag("lamp"), Value.signed(1))))
                .hasMessageContaining("takes true or false, not 1");
        }
    }

    @Test
    void a_scan_gives_one_reading_for_each_tag_in_the_order_of_the_list() throws Exception {
        try (Fixture f = Fixture.mock("""
            {"name": "a", "line": 1, "direction": "in", "period": 50},
            {"name": "b", "line": 2, "direction": "in", "period": 50, "pull": "up"},
            {"name": "c", "line": 3, "direction": "out", "period": 50, "initial": true}""")) {
            Fixture.await("connected", () -> f.device.link().phase() == Phase.CONNECTED);
            Scan scan = f.device.prepare(List.of(f.tag("c"), f.tag("a"), f.tag("b")));
            for (int i = 0; i < 3; i++) {
                List<Reading> readings = scan.run().toCompletableFuture().get(5, TimeUnit.SECONDS);
                assertThat(readings).extracting(Reading::tag).containsExactly(f.tag("c"), f.tag("a"), f.tag("b"));
                assertThat(readings).extracting(Reading::value).containsExactly(Value.TRUE, Value.FALSE, Value.TRUE);
                assertThat(readings).allMatch(reading -> reading.quality().isGood());
            }
            f.pull(0, true);
            assertThat(scan.run().toCompletableFuture().get(5, TimeUnit.SECONDS).get(1).value()).isEqualTo(Value.TRUE);
            assertThat(f.reports).as("a scanned tag is not reported by itself").isEmpty();
            assertThatIllegalArgumentException().isThrownBy(() -> f.device.prepare(List.of(foreign())));
        }
    }

    private static edge.api.device.Tag foreign() {
        try {
            return LineParser.parse(Fixture.text("mock", "{\"name\": \"x\", \"line\": 9, \"direction\": \"in\"}")).get(0).tag();
        } catch (edge.json.JsonException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void somebody_who_observes_later_gets_the_present_values_and_nothing_after_closing() {
        try (Fixture f = Fixture.mock(IN)) {
            f.awaitValues("in=false");
            f.pull(0, true);
            f.awaitValues("in=false", "in=true");
            List<Value> late = new CopyOnWriteArrayList<>();
            Observation observation = f.device.observe(readings -> readings.forEach(reading -> late.add(reading.value())));
            Fixture.await("the present value", () -> late.equals(List.of(Value.TRUE)));
            observation.close();
            observation.close();
            f.pull(0, false);
            f.awaitValues("in=false", "in=true", "in=false");
            assertThat(late).containsExactly(Value.TRUE);
        }
    }

    @Test
    void an_observer_that_fails_costs_nobody_else_a_reading() {
        try (Fixture f = Fixture.mock(IN)) {
            f.device.observe(readings -> {
                throw new IllegalStateException("on purpose");
            });
            f.awaitValues("in=false");
            f.pull(0, true, false);
            f.awaitValues("in=false", "in=true", "in=false");
        }
    }

    @Test
    void mock_is_never_silent() {
        try (Fixture f = Fixture.mock(IN)) {
            f.awaitValues("in=false");
            assertThat(f.device.info().address()).isEqualTo("gpio mock (simulated)");
            assertThat(f.device.check().status()).isEqualTo(Status.WARN);
            assertThat(f.device.check().reason()).isEqualTo("The values are simulated: the provider is mock.");
        }
    }

    @Test
    void a_provider_that_cannot_work_here_leaves_the_device_disconnected_with_reason_and_remedy() throws Exception {
        try (Fixture f = new Fixture("gpiod", GpioConfig.DEFAULT_PATH, Fixture.text("gpiod", IN
            + ", {\"name\": \"lamp\", \"line\": 2, \"direction\": \"out\", \"access\": \"read-write\", \"period\": 100}"))) {
            Fixture.await("disconnected", () -> f.device.link().phase() == Phase.DISCONNECTED);
            assertThat(f.device.link().detail()).contains("line 1 (in)").contains("use chardev").contains("next attempt in");
            f.awaitValues("in=NOT_CONNECTED");
            assertThat(f.device.check().status()).isEqualTo(Status.WARN);
            List<Reading> scan = f.device.prepare(List.of(f.tag("lamp"))).run().toCompletableFuture().get(5, TimeUnit.SECONDS);
            assertThat(scan.get(0).quality().reason()).isEqualTo(Quality.Reason.NOT_CONNECTED);
            assertThat(failure(f.device.write(f.tag("lamp"), Value.TRUE)).reason()).isEqualTo(Quality.Reason.NOT_CONNECTED);
            assertThat(f.values()).as("said once, not with each attempt").containsExactly("in=NOT_CONNECTED");
        }
    }

    @Test
    void twenty_lives_leave_no_thread() {
        for (int i = 0; i < 20; i++) {
            Fixture f = Fixture.mock(IN + ", {\"name\": \"t\", \"line\": 2, \"direction\": \"in\", \"toggle\": 20, \"debounce\": 5}");
            Fixture.await("readings", () -> !f.reports.isEmpty());
            f.close();
            f.close();
        }
        Fixture.await("no thread of the driver, but " + Fixture.threads(), () -> Fixture.threads().isEmpty());
    }

    @Test
    void what_is_under_way_when_the_driver_goes_completes_and_what_comes_after_is_paused() throws Exception {
        Fixture f = Fixture.mock(IN + """
            , {"name": "o", "line": 2, "direction": "out", "access": "read-write"},
              {"name": "s", "line": 3, "direction": "in", "period": 50}""");
        f.awaitValues("in=false", "o=false");
        CountDownLatch hold = new CountDownLatch(1);
        Observation blocker = f.device.observe(readings -> {
            try {
                hold.await(5, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        List<CompletionStage<?>> outstanding = new ArrayList<>();
        Scan scan = f.device.prepare(List.of(f.tag("s")));
        for (int i = 0; i < 100; i++) {
            outstanding.add(scan.run());
        }
        CompletionStage<Void> write = null;
        for (int i = 0; i < 65; i++) {
            write = f.device.write(f.tag("o"), Value.TRUE);
            outstanding.add(write);
        }
        assertThat(failure(write)).as("the 65th").hasMessageContaining("64 writes before it");
        Thread closer = new Thread(f::close);
        closer.start();
        hold.countDown();
        closer.join(10_000);
        blocker.close();
        assertThat(outstanding).allMatch(stage -> stage.toCompletableFuture().isDone());
        assertThat(scan.run().toCompletableFuture().get(5, TimeUnit.SECONDS).get(0).quality().reason())
            .isEqualTo(Quality.Reason.PAUSED);
        assertThat(failure(f.device.write(f.tag("o"), Value.TRUE)).reason()).isEqualTo(Quality.Reason.PAUSED);
        assertThat(f.device.link().phase()).isEqualTo(Phase.DISCONNECTED);
    }

    @Test
    void edges_that_come_faster_than_they_are_taken_are_counted_and_the_last_level_is_right() {
        try (Fixture f = Fixture.mock(IN)) {
            f.awaitValues("in=false");
            boolean[] storm = new boolean[4001];
            for (int i = 0; i < storm.length; i++) {
                storm[i] = i % 2 == 0;
            }
            // The device's thread is busy pulling: nobody takes the edges meanwhile.
            f.pull(0, storm);
            Fixture.await("the loss", () -> f.device.check().reason().contains("edges were lost"));
            Fixture.await("the last level", () -> f.values().get(f.values().size() - 1).equals("in=true"));
            assertThat(f.readings()).hasSizeBetween(1025, 1028);
            assertThat(f.device.check().status()).isEqualTo(Status.WARN);
        }
    }

    @Test
    void a_wrong_configuration_ends_activation_and_names_the_attribute() {
        Map<String, Object> properties = Map.of("service.pid", "edge.drivers.gpio~panel", ".edge.text",
            Fixture.text("mock", "{\"name\": \"a\", \"line\": 1, \"direction\": \"up\"}"));

        assertThatIllegalArgumentException()
            .isThrownBy(() -> new GpioDevice(Fixture.config("mock", GpioConfig.DEFAULT_PATH), properties, new Heads(), GATEWAY))
            .withMessageContaining("edge.drivers.gpio~panel: line 1, column 70: lines[0].direction: must be in or counter or out");
        assertThatIllegalArgumentException().isThrownBy(() -> new GpioDevice(Fixture.config("mock", GpioConfig.DEFAULT_PATH),
            Map.of("service.pid", "edge.drivers.gpio~panel"), new Heads(), GATEWAY)).withMessageContaining("etc/edge.drivers.gpio~NAME");
    }
}
