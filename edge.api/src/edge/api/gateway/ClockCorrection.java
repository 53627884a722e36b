// SPDX-License-Identifier: Apache-2.0
package edge.api.gateway;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;

/**
 * What the wall clock should have said during a part of one boot, learnt when the clock was set. The monotonic clock was right
 * all the time, so the true time of a moment is {@code origin} plus its monotonic time.
 *
 * <p>A correction is a fact of its own: what was stamped before stays as it was stamped, and whoever shows it or sends it on
 * applies the correction. Where several corrections cover the same moment the newest counts.
 *
 * @param bootId the boot whose moments are corrected
 * @param fromNanos first monotonic time that is corrected
 * @param untilNanos first monotonic time after it that is not corrected by it any more; greater than {@code fromNanos}
 * @param origin the true wall time at monotonic time 0 of that boot
 * @param confidence how far {@code origin} can be believed; greater than UNSET
 */
public record ClockCorrection(UUID bootId, long fromNanos, long untilNanos, Instant origin, ClockConfidence confidence) {

    public ClockCorrection {
        Objects.requireNonNull(bootId, "bootId");
        Objects.requireNonNull(origin, "origin");
        if (untilNanos <= fromNanos) {
            throw new IllegalArgumentException("a correction ends after it begins, not at " + untilNanos + " from " + fromNanos);
        }
        if (confidence == ClockConfidence.UNSET) {
            throw new IllegalArgumentException("a clock that has not been set corrects nothing");
        }
    }

    /** Whether a moment of that boot is corrected. One that was stamped by a synchronised clock never is. */
    public boolean covers(UUID boot, Moment at) {
        return at.confidence() != ClockConfidence.SYNCHRONISED && at.monotonicNanos() >= fromNanos
            && at.monotonicNanos() < untilNanos && bootId.equals(boot);
    }

    /** The moment with its true wall time. Only for a moment that is covered. */
    public Moment corrected(Moment at) {
        return new Moment(at.monotonicNanos(), origin.plusNanos(at.monotonicNanos()), confidence);
    }

    /**
     * The true source time of a reading that the gateway got at a covered moment. Times that were taken from the gateway's own
     * clock, which lie between the beginning of the boot and that moment as the wrong clock told them, move with it; any other
     * is the device's own and stays as it is.
     */
    public Instant corrected(Instant sourceTime, Moment at) {
        Instant began = at.wall().minusNanos(Math.max(0, at.monotonicNanos()));
        if (sourceTime.isAfter(at.wall()) || sourceTime.isBefore(began)) {
            return sourceTime;
        }
        long age = Duration.between(sourceTime, at.wall()).toNanos();
        return origin.plusNanos(at.monotonicNanos() - age);
    }
}
