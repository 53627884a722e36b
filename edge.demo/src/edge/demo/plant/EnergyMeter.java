// SPDX-License-Identifier: Apache-2.0
package edge.demo.plant;

import java.util.Random;

/** The meter of the whole plant: three phases, a base load that wanders, and the pump's motor. One thread. */
final class EnergyMeter {

    private static final double SECONDS_AN_HOUR = 3600;
    private static final double POWER_FACTOR = 0.93;
    private static final double SQRT_3 = Math.sqrt(3);

    private final Random random;
    private final Lag base = new Lag(20, 11);
    private final Lag frequency = new Lag(4, 50);
    private final Lag[] voltage = {new Lag(3, 230.5), new Lag(3, 229.1), new Lag(3, 231.4)};
    private double time;
    private double power;
    private double energy = 184_223_750; // Wh: the meter is older than the gateway

    EnergyMeter(Random random) {
        this.random = random;
    }

    void step(double dt, double motor) {
        time += dt;
        base.follow(11 + 4 * Math.sin(time / 130) + random.nextGaussian() * 3, dt);
        frequency.follow(50 + random.nextGaussian() * 0.03, dt);
        for (Lag phase : voltage) {
            phase.follow(230 - 0.15 * motor + random.nextGaussian() * 2, dt);
        }
        power = Math.max(0, base.value()) + motor;
        energy += power * 1000 * dt / SECONDS_AN_HOUR;
    }

    /** V between phase and neutral; phases 0 to 2 */
    double voltage(int phase) {
        return voltage[phase].value();
    }

    /** A */
    double current(int phase) {
        return power * 1000 / POWER_FACTOR / SQRT_3 / (SQRT_3 * voltage(phase)) * (1 + 0.03 * (phase - 1));
    }

    /** kW */
    double power() {
        return power;
    }

    double powerFactor() {
        return POWER_FACTOR + 0.01 * Math.sin(time / 61);
    }

    /** Hz */
    double frequency() {
        return frequency.value();
    }

    /** Wh */
    double energy() {
        return energy;
    }
}
