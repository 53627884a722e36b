// SPDX-License-Identifier: Apache-2.0
package edge.demo.plant;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PumpStationTest {

    private final PumpStation station = new PumpStation();

    private void after(double seconds) {
        for (double time = 0; time < seconds; time += 0.1) {
            station.step(0.1);
        }
    }

    @Test
    void it_runs_for_an_hour_within_its_bounds_and_without_an_alarm() {
        after(30);
        for (int minute = 0; minute < 60; minute++) {
            after(60);
            assertThat(station.level()).isBetween(45.0, 75.0);
            assertThat(station.flow()).isBetween(38.0, 42.0);
            assertThat(station.pressure()).isBetween(3.0, 4.5);
            assertThat(station.current()).isBetween(7.0, 9.0);
            assertThat(station.temperature()).isBetween(35.0, 45.0);
            assertThat(station.isTripped() || station.isLevelLow() || station.isLevelHigh() || station.isOverloaded())
                .isFalse();
        }
        assertThat(station.energy()).as("an hour at some 4 kW").isBetween(3500.0, 6000.0);
        assertThat(station.running()).isBetween(3620.0, 3640.0);
    }

    @Test
    void the_pump_stops_with_inertia_and_the_tank_fills_until_the_inlet_has_closed() {
        after(60);
        double flow = station.flow();
        double pressure = station.pressure();
        double level = station.level();
        station.pump(false);
        after(1);
        assertThat(station.flow()).isBetween(flow * 0.5, flow * 0.9);
        after(20);
        assertThat(station.flow()).isLessThan(0.1);
        after(20);
        assertThat(station.flow()).isZero();
        assertThat(station.pressure()).isLessThan(pressure / 2);
        assertThat(station.current()).isZero();
        after(600);
        assertThat(station.level()).isBetween(level + 5, 84.0);
        assertThat(station.valve()).isLessThan(2);
    }

    @Test
    void a_starting_motor_takes_more_current_and_is_counted() {
        after(30);
        station.pump(false);
        after(10);
        station.pump(true);
        after(0.1);
        assertThat(station.current()).isGreaterThan(15);
        assertThat(station.isOverloaded()).isTrue();
        after(10);
        assertThat(station.isOverloaded()).isFalse();
        assertThat(station.starts()).isEqualTo(2);
    }

    @Test
    void with_the_inlet_closed_it_alarms_runs_dry_trips_and_starts_again_when_acknowledged() {
        after(30);
        station.inlet(false);
        double minutes = 0;
        boolean low = false;
        while (!station.isTripped() && minutes < 30) {
            after(6);
            minutes += 0.1;
            low |= station.isLevelLow() && !station.isTripped();
        }
        assertThat(low).as("it warned before").isTrue();
        assertThat(minutes).isBetween(2.0, 15.0);
        assertThat(station.isTurning()).isFalse();
        station.inlet(true);
        after(120);
        assertThat(station.isTurning()).as("not by itself").isFalse();
        station.acknowledge();
        after(30);
        assertThat(station.isTurning()).isTrue();
        assertThat(station.flow()).isGreaterThan(30);
    }

    @Test
    void the_heater_holds_the_temperature_and_without_it_the_tank_cools() {
        station.temperatureSetpoint(30);
        after(1200);
        assertThat(station.temperature()).isBetween(28.0, 32.0);
        station.heater(false);
        after(1200);
        assertThat(station.temperature()).isLessThan(20);
        assertThat(station.isHeating()).isFalse();
    }
}
