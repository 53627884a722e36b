// SPDX-License-Identifier: Apache-2.0
package edge.demo.plant;

/**
 * A heated tank with a controlled inlet, and a pump that empties it into a pipe. Not safe for several threads.
 *
 * <p>What an operator can try: stop the pump (flow and pressure fall, the level rises until the inlet throttles), change its
 * speed, close the inlet (the level falls, alarms, and after some minutes the pump runs dry and trips), acknowledge.
 */
final class PumpStation {

    private static final double CAPACITY = 5.0; // m3
    private static final double INLET_FLOW = 60.0; // m3/h, valve fully open
    private static final double PUMP_FLOW = 50.0; // m3/h at full speed
    private static final double LEVEL_SETPOINT = 60.0; // %
    private static final double INLET_TEMPERATURE = 14.0; // °C
    private static final double HEATER = 0.35; // K/s in a half-full tank
    private static final double DRY_SECONDS = 5;
    private static final double SECONDS_AN_HOUR = 3600;
    private static final double SQRT_3 = Math.sqrt(3);

    private final Lag speed = new Lag(2.5, 0);
    private final Lag valve = new Lag(8, 0.65);
    private final Lag inrush = new Lag(0.4, 0);
    private double level = 55;
    private double temperature = 41;
    private double time;
    private double dry;
    private double energy; // Wh
    private double running; // s
    private long starts;
    private boolean turning;
    private boolean heating;
    private boolean tripped;

    private boolean pump = true;
    private boolean inlet = true;
    private boolean heater = true;
    private double speedSetpoint = 80;
    private double temperatureSetpoint = 42;

    /** Lets time pass, in steps of a second at most. */
    void step(double dt) {
        time += dt;
        drive(dt);
        double out = flow() * dt / SECONDS_AN_HOUR;
        double in = inflow(dt) * dt / SECONDS_AN_HOUR;
        double volume = Math.max(0.05, level / 100 * CAPACITY);
        level = clamp(level + (in - out) / CAPACITY * 100, 0, 100);
        heat(dt, in / volume, volume);
        dry = isDry() ? dry + dt : 0;
        if (dry > DRY_SECONDS) {
            tripped = true;
        }
        energy += power() * 1000 * dt / SECONDS_AN_HOUR;
    }

    private void drive(double dt) {
        boolean on = pump && !tripped;
        if (on && !turning) {
            starts++;
            inrush.set(24);
        }
        turning = on;
        running += on ? dt : 0;
        inrush.follow(0, dt);
        speed.follow(on ? speedSetpoint : 0, dt);
    }

    private double inflow(double dt) {
        double wanted = inlet ? clamp(0.65 + (LEVEL_SETPOINT - level) * 0.04, 0, 1) : 0;
        valve.follow(wanted, dt);
        // The supply breathes with its other consumers.
        return INLET_FLOW * valve.value() * (1 + 0.12 * Math.sin(time / 23) + 0.05 * Math.sin(time / 5.3));
    }

    private void heat(double dt, double renewed, double volume) {
        if (!heater || temperature > temperatureSetpoint + 0.8) {
            heating = false;
        } else if (temperature < temperatureSetpoint - 0.8) {
            heating = true;
        }
        double warmed = heating ? HEATER * CAPACITY / 2 / Math.max(volume, CAPACITY / 5) * dt : 0;
        double cooled = 0.0004 * (temperature - 18) * dt;
        temperature += (INLET_TEMPERATURE - temperature) * Math.min(1, renewed) + warmed - cooled;
    }

    private static double clamp(double value, double min, double max) {
        return Math.max(min, Math.min(max, value));
    }

    /** How much the pump finds to pump, 0 to 1. */
    private double suction() {
        return clamp((level - 2) / 6, 0, 1);
    }

    private boolean isDry() {
        return turning && suction() < 0.3;
    }

    /** m3/h */
    double flow() {
        return PUMP_FLOW * speed.value() / 100 * suction();
    }

    /** bar */
    double pressure() {
        double ratio = speed.value() / 100;
        return 0.4 + level * 0.008 + 4.6 * ratio * ratio * suction();
    }

    /** A */
    double current() {
        double ratio = speed.value() / 100;
        return (speed.value() < 1 ? 0 : 1.9 + 11.5 * ratio * ratio * ratio * (0.25 + 0.75 * suction())) + inrush.value();
    }

    /** Electrical power of the motor in kW. */
    double power() {
        return SQRT_3 * 0.4 * current() * 0.84;
    }

    /** % */
    double level() {
        return level;
    }

    /** °C */
    double temperature() {
        return temperature;
    }

    /** °C of what flows in. */
    double inletTemperature() {
        return INLET_TEMPERATURE + 1.5 * Math.sin(time / 310);
    }

    /** % of its travel */
    double valve() {
        return valve.value() * 100;
    }

    /** % of full speed */
    double speed() {
        return speed.value();
    }

    /** Wh taken by the motor */
    double energy() {
        return energy;
    }

    /** Seconds in which the motor was on */
    double running() {
        return running;
    }

    long starts() {
        return starts;
    }

    boolean isTurning() {
        return turning;
    }

    boolean isHeating() {
        return heating;
    }

    boolean isTripped() {
        return tripped;
    }

    boolean isLevelLow() {
        return level < 25;
    }

    boolean isLevelHigh() {
        return level > 85;
    }

    boolean isRunningDry() {
        return isDry();
    }

    boolean isOverloaded() {
        return current() > 18;
    }

    boolean isPumpOn() {
        return pump;
    }

    void pump(boolean on) {
        pump = on;
    }

    boolean isInletOpen() {
        return inlet;
    }

    void inlet(boolean open) {
        inlet = open;
    }

    boolean isHeaterOn() {
        return heater;
    }

    void heater(boolean on) {
        heater = on;
    }

    double speedSetpoint() {
        return speedSetpoint;
    }

    void speedSetpoint(double percent) {
        speedSetpoint = percent;
    }

    double temperatureSetpoint() {
        return temperatureSetpoint;
    }

    void temperatureSetpoint(double celsius) {
        temperatureSetpoint = celsius;
    }

    /** Lets a tripped pump start again. */
    void acknowledge() {
        tripped = false;
        dry = 0;
    }
}
