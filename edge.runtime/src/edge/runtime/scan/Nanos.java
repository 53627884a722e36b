// SPDX-License-Identifier: Apache-2.0
package edge.runtime.scan;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Durations as nanoseconds. */
final class Nanos {

    private Nanos() {
    }

    /** The duration, or a century if it is longer than that: such a time never comes. */
    static long of(Duration duration) {
        return TimeUnit.SECONDS.toNanos(Math.min(duration.toSeconds(), 3_155_760_000L)) + duration.toNanosPart();
    }
}
