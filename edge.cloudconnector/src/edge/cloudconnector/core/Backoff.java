// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.core;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Exponential back-off with jitter: each wait is drawn from the upper half of a bound that doubles, so that a thousand
 * gateways do not come back to their cloud in the same second. Not safe for several threads.
 */
final class Backoff {

    private final Duration first;
    private final Duration longest;
    private Duration bound;

    Backoff(Duration first, Duration longest) {
        this.first = first;
        this.longest = longest;
        this.bound = first;
    }

    Duration next() {
        long nanos = bound.toNanos();
        Duration doubled = bound.multipliedBy(2);
        bound = doubled.compareTo(longest) > 0 ? longest : doubled;
        return Duration.ofNanos(nanos / 2 + ThreadLocalRandom.current().nextLong(nanos / 2 + 1));
    }

    /** Something got through: the next failure begins with a short wait again. */
    void reset() {
        bound = first;
    }
}
