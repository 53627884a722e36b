// SPDX-License-Identifier: Apache-2.0
package edge.journal.format;

import edge.api.gateway.ClockConfidence;
import edge.api.gateway.Moment;
import java.time.Instant;

/**
 * Between which times some records of one boot lie, on both clocks, in nanoseconds.
 *
 * @param wallMin oldest wall time since 1970, as it was stamped; summaries count with the times that they cover
 * @param trustedMax newest wall time that a synchronised clock stamped; {@link #NEVER} if there is none
 */
public record Span(long monotonicMin, long monotonicMax, long wallMin, long wallMax, long trustedMax) {

    public static final long NEVER = Long.MIN_VALUE;

    /** Nanoseconds since 1970; what does not fit is as far off as can be said. */
    public static long nanos(Instant time) {
        return Fields.isNear(time) ? Fields.nanos(time)
            : time.getEpochSecond() < 0 ? Long.MIN_VALUE + 1 : Long.MAX_VALUE;
    }

    void write(Output out) {
        out.putZigZag(monotonicMin).putZigZag(monotonicMax - monotonicMin).putZigZag(wallMin).putZigZag(wallMax - wallMin);
        out.put(trustedMax == NEVER ? 0 : 1);
        if (trustedMax != NEVER) {
            out.putZigZag(wallMax - trustedMax);
        }
    }

    static Span read(Input in) throws DamagedException {
        long monotonic = in.getZigZag();
        long monotonicMax = monotonic + in.getZigZag();
        long wall = in.getZigZag();
        long wallMax = wall + in.getZigZag();
        return new Span(monotonic, monotonicMax, wall, wallMax, in.get() == 0 ? NEVER : wallMax - in.getZigZag());
    }

    /** Widens from record to record. */
    static final class Builder {
        private long monotonicMin = Long.MAX_VALUE;
        private long monotonicMax = Long.MIN_VALUE;
        private long wallMin = Long.MAX_VALUE;
        private long wallMax = Long.MIN_VALUE;
        private long trustedMax = NEVER;

        void add(Moment at) {
            long wall = nanos(at.wall());
            monotonicMin = Math.min(monotonicMin, at.monotonicNanos());
            monotonicMax = Math.max(monotonicMax, at.monotonicNanos());
            wallMin = Math.min(wallMin, wall);
            wallMax = Math.max(wallMax, wall);
            if (at.confidence() == ClockConfidence.SYNCHRONISED) {
                trustedMax = Math.max(trustedMax, wall);
            }
        }

        void add(Instant from, Instant until) {
            wallMin = Math.min(wallMin, nanos(from));
            wallMax = Math.max(wallMax, nanos(until));
        }

        Span build() {
            return new Span(monotonicMin, monotonicMax, wallMin, wallMax, trustedMax);
        }
    }
}
