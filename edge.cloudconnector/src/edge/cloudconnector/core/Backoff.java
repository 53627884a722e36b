// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.core;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Exponential back-off with jitter: each wait is drawn from the upper half of a bound that doubles, so that a thousand
 * gateways do not come back to their cloud in the same second. And a circuit breaker: a target that is there and does not
 * work is left alone for longer. Not safe for several threads.
 */
final class Backoff {

    private final Duration first;
    private final Duration longest;
    private Duration bound;
    private int sick;

    Backoff(Duration first, Duration longest) {
        this.first = first;
        this.longest = longest;
        this.bound = first;
    }

    Duration next() {
        return next(longest);
    }

    /** The next wait, at most so long. */
    Duration next(Duration most) {
        Duration drawn = drawn(bound.compareTo(most) > 0 ? most : bound);
        Duration doubled = bound.multipliedBy(2);
        bound = doubled.compareTo(longest) > 0 ? longest : doubled;
        return drawn;
    }

    private static Duration drawn(Duration bound) {
        long nanos = bound.toNanos();
        return Duration.ofNanos(nanos / 2 + ThreadLocalRandom.current().nextLong(nanos / 2 + 1));
    }

    /** The target was reached, and refused or delivered nothing. */
    void sick() {
        sick++;
    }

    /** Whether the circuit is open: attempts are far apart, and begin with a single message. */
    boolean isOpen(DeliveryPolicy policy) {
        return sick >= policy.breakerFailures();
    }

    /** The wait when the circuit is open. */
    Duration whileOpen(DeliveryPolicy policy) {
        return drawn(policy.breakerDelay());
    }

    int failures() {
        return sick;
    }

    /** Something got through: the next failure begins with a short wait again. */
    void reset() {
        bound = first;
        sick = 0;
    }
}
