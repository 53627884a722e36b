// SPDX-License-Identifier: Apache-2.0
package @NAME@;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import edge.api.device.LinkState;
import edge.api.device.Quality.Reason;
import edge.api.device.Reading;
import edge.api.device.Scan;
import edge.api.device.Tag;
import edge.api.value.Value;
import java.lang.annotation.Annotation;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DeviceTest {
    private Simulator simulator;
    private Device device;
    private Scan scan;

    @BeforeEach
    void start() throws Exception {
        simulator = new Simulator(0);
        device = new Device(config(simulator.port()), Map.of("service.pid", Device.PID + "~oven"));
        scan = device.prepare(device.tags());
    }

    @AfterEach
    void stop() throws Exception {
        device.stop();
        simulator.close();
    }

    static Device.Config config(int port) {
        return new Device.Config() {
            @Override
            public Class<? extends Annotation> annotationType() {
                return Device.Config.class;
            }

            @Override
            public String host() {
                return "127.0.0.1";
            }

            @Override
            public int port() {
                return port;
            }

            @Override
            public long period() {
                return 1000;
            }

            @Override
            public int timeout() {
                return 2_000;
            }
        };
    }

    private List<Reading> read() throws Exception {
        return scan.run().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    @Test
    void it_reads_every_tag_in_order() throws Exception {
        List<Reading> readings = read();
        assertThat(readings).extracting(Reading::tag).isEqualTo(device.tags());
        assertThat(readings).allMatch(reading -> reading.quality().isGood());
        assertThat(readings.get(1).value()).isEqualTo(Value.real(21.5));
        assertThat(device.link().phase()).isEqualTo(LinkState.Phase.CONNECTED);
    }

    @Test
    void what_is_written_is_read_back() throws Exception {
        Tag setpoint = device.tags().get(1);
        device.write(setpoint, Value.real(30)).toCompletableFuture().get(20, TimeUnit.SECONDS);
        assertThat(read().get(1).value()).isEqualTo(Value.real(30));
    }

    @Test
    void what_the_device_refuses_fails_and_costs_nothing_else() throws Exception {
        Tag temperature = device.tags().get(0);
        assertThatThrownBy(() -> device.write(temperature, Value.real(1)).toCompletableFuture().get(20, TimeUnit.SECONDS))
            .hasMessageContaining("ERR");
        assertThat(read()).allMatch(reading -> reading.quality().isGood());
    }

    @Test
    void a_silent_device_gives_bad_values_in_time() throws Exception {
        simulator.silence();
        assertThat(read()).extracting(reading -> reading.quality().reason())
            .containsExactly(Reason.TIMEOUT, Reason.NOT_CONNECTED);
        assertThat(device.link().phase()).isEqualTo(LinkState.Phase.DISCONNECTED);
    }

    @Test
    void a_device_that_is_not_there_gives_bad_values() throws Exception {
        simulator.close();
        assertThat(read()).allMatch(reading -> reading.quality().reason() == Reason.NOT_CONNECTED);
    }

    @Test
    void when_it_is_stopped_what_is_outstanding_ends_and_no_thread_is_left() throws Exception {
        simulator.silence();
        var outstanding = scan.run().toCompletableFuture();
        var behind = device.write(device.tags().get(1), Value.real(1)).toCompletableFuture();
        device.stop();
        assertThat(outstanding.get(20, TimeUnit.SECONDS)).allMatch(reading -> reading.quality().reason() == Reason.PAUSED);
        assertThat(behind).isCompletedExceptionally();
        assertThat(read()).allMatch(reading -> reading.quality().reason() == Reason.PAUSED);
        assertThat(Thread.getAllStackTraces().keySet()).noneMatch(thread -> thread.getName().equals(Device.PID + "-oven"));
    }
}
