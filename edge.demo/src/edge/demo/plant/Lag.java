// SPDX-License-Identifier: Apache-2.0
package edge.demo.plant;

/** A quantity with inertia: it follows its target as {@code 1 - exp(-t / time constant)}. */
final class Lag {

    /** Nearer than this it has arrived, so that nothing decays into numbers that no instrument shows. */
    private static final double ARRIVED = 1e-3;

    private final double seconds;
    private double value;

    Lag(double seconds, double start) {
        this.seconds = seconds;
        this.value = start;
    }

    void follow(double target, double dt) {
        value += (target - value) * -Math.expm1(-dt / seconds);
        if (Math.abs(target - value) < ARRIVED) {
            value = target;
        }
    }

    void set(double now) {
        value = now;
    }

    double value() {
        return value;
    }
}
