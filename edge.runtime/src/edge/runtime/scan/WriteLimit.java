// SPDX-License-Identifier: Apache-2.0
package edge.runtime.scan;

/**
 * Keeps writes to each tag of a device below a rate: so many at once, and as many a second in the long run. Safe on every
 * thread.
 */
final class WriteLimit {
    static final int PER_SECOND = 10;

    private static final long INTERVAL = 1_000_000_000L / PER_SECOND;
    private static final long BURST = 1_000_000_000L - INTERVAL;

    // The time at which the tag's allowance would be whole again; guarded by this. 0: never written.
    private final long[] wholeAt;

    WriteLimit(int tags) {
        wholeAt = new long[tags];
    }

    /** Takes one write out of the tag's allowance; false if there is none left. */
    synchronized boolean take(int tag, long now) {
        long from = wholeAt[tag] == 0 || wholeAt[tag] - now < 0 ? now : wholeAt[tag];
        if (from - now > BURST) {
            return false;
        }
        wholeAt[tag] = from + INTERVAL;
        return true;
    }
}
