// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** How long to wait before the next attempt: doubles up to a limit, a fifth more or less by chance. One thread. */
final class Backoff {

    private static final double SPREAD = 0.2;

    private final long first;
    private final long limit;
    private long next;

    Backoff(Duration first, Duration limit) {
        this.first = first.toMillis();
        this.limit = limit.toMillis();
        next = this.first;
    }

    long nextMillis() {
        double factor = 1 - SPREAD + 2 * SPREAD * ThreadLocalRandom.current().nextDouble();
        long wait = Math.max(1, Math.round(next * factor));
        next = Math.min(limit, next * 2);
        return wait;
    }

    void reset() {
        next = first;
    }
}
