// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** How long to wait before the next attempt: doubles up to a limit, a fifth more or less by chance. One thread. */
public final class Backoff {

    private static final double SPREAD = 0.2;
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LAST = Duration.ofSeconds(60);

    private final long first;
    private final long limit;
    private long next;

    /** From a second to a minute. */
    public static Backoff standard() {
        return new Backoff(FIRST, LAST);
    }

    Backoff(Duration first, Duration limit) {
        this.first = first.toMillis();
        this.limit = limit.toMillis();
        next = this.first;
    }

    public long nextMillis() {
        double factor = 1 - SPREAD + 2 * SPREAD * ThreadLocalRandom.current().nextDouble();
        long wait = Math.max(1, Math.round(next * factor));
        next = Math.min(limit, next * 2);
        return wait;
    }

    public void reset() {
        next = first;
    }
}
