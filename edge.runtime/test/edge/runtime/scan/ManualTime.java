// SPDX-License-Identifier: Apache-2.0
package edge.runtime.scan;

import edge.api.gateway.ClockConfidence;
import edge.api.gateway.GatewayClock;
import edge.api.gateway.Moment;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.function.LongSupplier;

/** Time that passes only when a test says so, and the schedule that follows it. */
final class ManualTime implements LongSupplier, GatewayClock {
    // Close to overflow, so that every comparison of times is tried across it.
    private static final long ORIGIN = Long.MAX_VALUE - Duration.ofSeconds(3).toNanos();
    private static final Instant WALL = Instant.parse("2026-11-20T10:00:00Z");

    final Schedule schedule = new Schedule(this);
    private long nanos = ORIGIN;

    @Override
    public long getAsLong() {
        return nanos;
    }

    /** Lets time pass without running anything. */
    void pass(Duration time) {
        nanos += time.toNanos();
    }

    /** Lets time pass and runs what is due, each at its time. */
    void run(Duration time) {
        long end = nanos + time.toNanos();
        while (true) {
            long wait = schedule.runNext();
            if (wait > end - nanos) {
                nanos = Math.max(nanos - end, 0) + end;
                return;
            }
            nanos += wait;
        }
    }

    Duration passed() {
        return Duration.ofNanos(nanos - ORIGIN);
    }

    @Override
    public Moment now() {
        return new Moment(nanos - ORIGIN, WALL.plusNanos(nanos - ORIGIN), ClockConfidence.PLAUSIBLE);
    }

    @Override
    public UUID bootId() {
        return new UUID(1, 2);
    }
}
