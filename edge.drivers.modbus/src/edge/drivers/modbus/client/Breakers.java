// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.client;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;

/**
 * How much patience the units that share a line get. A unit that does not answer is asked again after pauses that grow with
 * its silence, and mostly not waited for longer than an answer usually takes, so that waiting for it in vain takes the others
 * about a hundredth of the line's time. It is never given up. A unit that has the line for itself is always asked.
 *
 * <p>Lives on the thread of the line.
 */
final class Breakers {
    /** The line waits in vain for at most one in so many parts of its time, once a unit is known to be silent. */
    private static final int SHARE = 100;
    private static final long MAX_PAUSE = TimeUnit.MINUTES.toNanos(2);
    /** Every so many probes waits as long as configured: the unit may be slower than the others. */
    private static final int WHOLE_PROBE = 8;
    /** A probe waits so many times as long as answers usually take. */
    private static final int USUAL = 4;
    private static final long MIN_PROBE = TimeUnit.MILLISECONDS.toNanos(20);
    private static final int UNITS = 256;

    private final Unit[] units = new Unit[UNITS];
    private int known;
    private int silentUnits;
    /** The slowest answer of late on this line, in ns. */
    private long slowest;

    private static final class Unit {
        int failures;
        long openUntil;
        boolean probed;
        long slowest;
    }

    /** Whether units share the line. */
    boolean isShared() {
        return known > 1;
    }

    /** Whether all units answer, so that nothing needs to be looked at. */
    boolean isQuiet() {
        return silentUnits == 0;
    }

    /** Whether the unit is not to be asked now. */
    boolean isOpen(int unit, long now) {
        Unit it = units[unit];
        return it != null && it.failures > 0 && isShared() && !it.probed && now - it.openUntil < 0;
    }

    /** Whether a probe of the unit is on its way, whose outcome further requests should wait for. */
    boolean isProbed(int unit) {
        return units[unit] != null && units[unit].probed;
    }

    /**
     * A request goes out to the unit.
     *
     * @param configured how long to wait for an answer, in ns
     * @return how long to wait for this one
     */
    long ask(int unit, long configured) {
        Unit it = units[unit];
        if (it == null) {
            it = new Unit();
            units[unit] = it;
            known++;
        }
        if (it.failures == 0 || !isShared()) {
            return configured;
        }
        it.probed = true;
        long usual = it.slowest > 0 ? it.slowest : slowest;
        return usual == 0 || it.failures % WHOLE_PROBE == 0 ? configured
            : Math.min(configured, Math.max(MIN_PROBE, USUAL * usual));
    }

    /** Whether a request that remained unanswered may be sent again at once: only a unit that usually answers is worth it. */
    boolean deservesRetry(int unit) {
        return units[unit].failures == 0 && units[unit].slowest > 0;
    }

    /** The unit has answered after so many ns. */
    void answered(int unit, long nanos) {
        Unit it = units[unit];
        it.slowest = Math.max(nanos, it.slowest - it.slowest / 16);
        slowest = Math.max(nanos, slowest - slowest / 64);
        it.probed = false;
        if (it.failures > 0) {
            it.failures = 0;
            silentUnits--;
        }
    }

    /** The unit has not answered for so many ns. */
    void silent(int unit, long nanos, long now) {
        Unit it = units[unit];
        it.probed = false;
        if (it.failures++ == 0) {
            silentUnits++;
        }
        int factor = it.failures > 4 ? SHARE : Math.min(SHARE, 1 << 2 * (it.failures - 1));
        it.openUntil = now + Math.min(MAX_PAUSE, nanos * factor);
    }

    /** What was asked of the unit has no outcome, because nobody wants it any more. */
    void forgetProbe(int unit) {
        if (units[unit] != null) {
            units[unit].probed = false;
        }
    }

    /** What was asked of the units is void, because the line was closed. */
    void forgetProbes() {
        for (Unit unit : units) {
            if (unit != null) {
                unit.probed = false;
            }
        }
    }

    /** Why the unit is not asked, and when it will be. */
    String why(int unit, long now) {
        Unit it = units[unit];
        Instant next = Instant.now().plusNanos(Math.max(0, it.openUntil - now)).truncatedTo(ChronoUnit.MILLIS);
        return "unit " + unit + " has not answered " + it.failures + (it.failures == 1 ? " time" : " times in a row")
            + "; so that it does not keep the others on this line waiting, it is asked again at " + next;
    }
}
