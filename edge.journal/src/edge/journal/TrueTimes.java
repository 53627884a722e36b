// SPDX-License-Identifier: Apache-2.0
package edge.journal;

import edge.api.gateway.ClockConfidence;
import edge.api.gateway.ClockCorrection;
import edge.api.gateway.Moment;
import edge.journal.format.Span;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/** The corrections of the clock, and what they make of the times on record. Any thread. */
final class TrueTimes {

    /** More of them than a journal holds boots in practice. */
    private static final int MOST = 256;

    private final List<ClockCorrection> corrections = new CopyOnWriteArrayList<>();

    void reset(Collection<ClockCorrection> known) {
        corrections.clear();
        corrections.addAll(known);
    }

    /** The oldest first. */
    List<ClockCorrection> corrections() {
        return List.copyOf(corrections);
    }

    /** From now on it counts; the newest counts most. */
    synchronized void add(ClockCorrection correction) {
        if (!corrections.contains(correction)) {
            corrections.add(correction);
            if (corrections.size() > MOST) {
                corrections.remove(0);
            }
        }
    }

    /** What the wall clock should have said, as far as that is known. */
    Instant of(UUID boot, Moment at) {
        Instant wall = at.wall();
        for (ClockCorrection correction : corrections) {
            if (correction.covers(boot, at)) {
                wall = correction.corrected(at).wall();
            }
        }
        return wall;
    }

    /** Whether any of some records of a boot may lie in a time, given as nanoseconds since 1970. */
    boolean mayLie(UUID boot, Span span, long from, long until) {
        if (span.wallMin() < until && span.wallMax() >= from) {
            return true;
        }
        for (ClockCorrection correction : corrections) {
            long origin = Span.nanos(correction.origin());
            if (correction.bootId().equals(boot) && origin + span.monotonicMin() < until
                && origin + span.monotonicMax() >= from) {
                return true;
            }
        }
        return false;
    }

    /** The newest time that some records of a boot have for sure, in nanoseconds since 1970; {@link Span#NEVER} if unknown. */
    long newest(UUID boot, Span span) {
        long newest = span.trustedMax();
        Moment last = new Moment(span.monotonicMax(), Instant.EPOCH, ClockConfidence.UNSET);
        for (ClockCorrection correction : corrections) {
            if (span.trustedMax() == Span.NEVER && correction.confidence() == ClockConfidence.SYNCHRONISED
                && correction.covers(boot, last)) {
                newest = Span.nanos(correction.corrected(last).wall());
            }
        }
        return newest;
    }
}
