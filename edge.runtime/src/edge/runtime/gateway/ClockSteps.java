// SPDX-License-Identifier: Apache-2.0
package edge.runtime.gateway;

import edge.api.gateway.ClockConfidence;
import edge.api.gateway.Moment;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Finds out from looks at the clocks that somebody has set the wall clock. Both clocks run alike, a time service's gentle
 * corrections included: that their difference changes means a step. A suspension of the machine, during which the monotonic
 * clock stands still, looks the same, and is told apart by the time since the kernel's start, which goes on. Not safe for
 * several threads.
 */
final class ClockSteps {
    /** A pause of this process between reading two clocks must not look like a step. */
    static final Duration TOLERANCE = Duration.ofMillis(500);

    private Instant origin;
    private ClockConfidence confidence;
    private long suspendedNanos;
    private long fromNanos;

    /**
     * The wall clock was set.
     *
     * @param fromNanos first monotonic time at which it was wrong
     * @param untilNanos monotonic time at which the step was found
     * @param origin what the wall clock, as it is now, would have shown at monotonic time 0
     * @param by how far it went; negative if back
     */
    record Step(long fromNanos, long untilNanos, Instant origin, Duration by, ClockConfidence confidence) {
    }

    /** @param suspendedNanos how long the machine has been suspended, against any fixed point */
    ClockSteps(Moment now, long suspendedNanos) {
        this.origin = origin(now);
        this.confidence = now.confidence();
        this.suspendedNanos = suspendedNanos;
    }

    /** The step since the last look, if the new time can be believed more than the one before it. */
    Optional<Step> look(Moment now, long nowSuspendedNanos) {
        Instant newOrigin = origin(now);
        Duration moved = Duration.between(origin, newOrigin);
        Duration suspended = Duration.ofNanos(nowSuspendedNanos - suspendedNanos);
        Duration by = moved.minus(suspended);
        boolean wasSynchronised = confidence == ClockConfidence.SYNCHRONISED;
        if (suspended.compareTo(TOLERANCE) > 0) {
            fromNanos = now.monotonicNanos(); // the same origin cannot be right on both sides of it
        }
        origin = newOrigin;
        confidence = now.confidence();
        suspendedNanos = nowSuspendedNanos;
        if (by.abs().compareTo(TOLERANCE) <= 0 || wasSynchronised || now.confidence() == ClockConfidence.UNSET
            || now.monotonicNanos() <= fromNanos) {
            return Optional.empty();
        }
        return Optional.of(new Step(fromNanos, now.monotonicNanos(), newOrigin, by, now.confidence()));
    }

    private static Instant origin(Moment moment) {
        return moment.wall().minusNanos(moment.monotonicNanos());
    }
}
