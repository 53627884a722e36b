// SPDX-License-Identifier: Apache-2.0
package edge.runtime.deploy;

import static edge.runtime.deploy.DeviceWatch.PATIENCE;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import edge.runtime.deploy.BundleControl.StepException;
import edge.runtime.scan.TestPlant;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When a device is a reason to go back, on manual time, with the real scan engine. */
class DeviceWatchTest {
    private static final Duration LOOK = Duration.ofMillis(250);

    private final TestPlant plant = new TestPlant("plc", "acme.driver", Duration.ofMillis(200), 5);
    private DeviceWatch watch;

    @BeforeEach
    void start() {
        plant.run(Duration.ofSeconds(10));
        watch = new DeviceWatch(plant.table(), Vitals.devices(plant.table()), new DeviceWatch.Touched(List.of("acme.driver"),
            List.of("acme.driver"), List.of()), plant::nanos);
    }

    private void looks(Duration time) throws StepException {
        for (long looks = time.dividedBy(LOOK); looks > 0; looks--) {
            plant.run(LOOK);
            watch.look(false);
        }
    }

    @Test
    void a_device_that_goes_on_as_before_is_none() throws Exception {
        looks(Duration.ofSeconds(20));
        watch.look(true);
    }

    @Test
    void a_device_that_is_away_for_a_moment_is_none_and_one_that_stays_away_is_one() throws Exception {
        looks(Duration.ofSeconds(9));
        plant.unplug();
        looks(PATIENCE.minusSeconds(1));
        plant.plugIn();
        looks(Duration.ofSeconds(9));

        plant.unplug();
        assertThatThrownBy(() -> looks(PATIENCE.plusSeconds(1))).hasMessageContaining("not connected now");
    }

    @Test
    void at_the_end_a_trouble_counts_at_once() throws Exception {
        looks(Duration.ofSeconds(3));
        plant.unplug();
        plant.run(LOOK);

        assertThatCode(() -> watch.look(false)).doesNotThrowAnyException();
        assertThatThrownBy(() -> watch.look(true)).hasMessageContaining("not connected now");
    }

    @Test
    void tags_that_are_bad_for_a_scan_are_none_and_tags_that_stay_bad_are_named() throws Exception {
        plant.spoil(2);
        looks(PATIENCE.dividedBy(2));
        plant.spoil(0);
        looks(PATIENCE);

        plant.spoil(2);
        assertThatThrownBy(() -> looks(PATIENCE.plusSeconds(1))).hasMessage(
            "The device plc delivers 3 good tags instead of 5; missing: t0, t1.");
    }

    @Test
    void a_machine_that_stands_still_for_a_moment_costs_nothing_and_half_the_rate_is_told() throws Exception {
        looks(Duration.ofSeconds(1));
        plant.standStill(Duration.ofMillis(1_500));
        looks(Duration.ofSeconds(10));
        watch.look(true);

        plant.answersTake(Duration.ofMillis(380));
        assertThatThrownBy(() -> looks(Duration.ofSeconds(60))).hasMessageContaining("readings a second instead of 25.0");
    }
}
