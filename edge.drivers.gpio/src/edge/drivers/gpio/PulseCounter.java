// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio;

import edge.drivers.gpio.LineConfig.Counter;
import edge.drivers.gpio.LineConfig.Rate;
import java.time.Duration;
import java.time.Instant;

/**
 * Counts the pulses of one line. What the kernel could not keep for us it still numbered, so that the count is right also
 * when edges came faster than they were read. Safe on every thread.
 */
final class PulseCounter {

    private static final double NANOS = 1e9;

    private final Counter config;
    // guarded by this
    private long count;
    // guarded by this
    private Instant newest = Instant.MIN;
    // guarded by this; the newest pulse when the rate was last asked for, and the count then
    private Instant asked = Instant.MIN;
    // guarded by this
    private long askedCount;
    // guarded by this
    private double pulsesPerSecond;

    PulseCounter(Counter config) {
        this.config = config;
    }

    /** So many pulses, the last of them at that time. */
    synchronized void add(int pulses, Instant time) {
        count += pulses;
        newest = time;
    }

    synchronized long count() {
        return count;
    }

    /** Goes on from another count. */
    synchronized void set(long value) {
        askedCount += value - count;
        count = value;
    }

    /**
     * Pulses a second, between the newest pulse now and the newest when this was last called. While none comes it falls as
     * the silence grows, since one pulse in all that time is the most that can have been.
     */
    synchronized double rate(Instant now) {
        if (newest.equals(Instant.MIN)) {
            return 0;
        }
        if (asked.equals(Instant.MIN)) {
            asked = newest;
            askedCount = count;
            return 0;
        }
        if (count > askedCount && newest.isAfter(asked)) {
            pulsesPerSecond = (count - askedCount) / seconds(asked, newest);
            asked = newest;
            askedCount = count;
        }
        Duration zeroAfter = config.rate().map(Rate::zeroAfter).orElse(Duration.ZERO);
        double silence = seconds(newest, now);
        if (silence * NANOS >= zeroAfter.toNanos()) {
            pulsesPerSecond = 0;
        } else if (silence > 0) {
            return Math.min(pulsesPerSecond, 1 / silence);
        }
        return pulsesPerSecond;
    }

    private static double seconds(Instant from, Instant to) {
        return Duration.between(from, to).toNanos() / NANOS;
    }
}
