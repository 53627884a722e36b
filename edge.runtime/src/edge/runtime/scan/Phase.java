// SPDX-License-Identifier: Apache-2.0
package edge.runtime.scan;

import java.nio.charset.StandardCharsets;

/**
 * Spreads the scans of many devices over their period, always the same way for the same names. The places are a few
 * milliseconds apart, so that the timer wakes up for several devices at once.
 */
final class Phase {
    private static final long MIN_SLOT = 1_000_000L;
    private static final long MAX_SLOT = 10_000_000L;
    private static final int SLOTS = 100;

    private Phase() {
    }

    /** A time in [0, period). */
    static long of(String device, long period) {
        long slot = Math.max(MIN_SLOT, Math.min(MAX_SLOT, period / SLOTS));
        long slots = Math.max(1, period / slot);
        return Math.floorMod(mix(hash(device) + period), slots) * slot;
    }

    /** The first time from {@code now} on that has this phase within the period. */
    static long next(long now, long period, long phase) {
        return now + Math.floorMod(phase - now, period);
    }

    // FNV-1a, then the finaliser of SplitMix64: names that differ in one digit must land far apart.
    private static long hash(String text) {
        long hash = 0xcbf29ce484222325L;
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
        }
        return hash;
    }

    private static long mix(long bits) {
        long mixed = (bits ^ (bits >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }
}
