// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.client;

import java.util.concurrent.ThreadLocalRandom;

/** The pause before an attempt: doubled with each failure up to a maximum, and spread so that many do not knock together. */
final class Backoff {

    private Backoff() {
    }

    /**
     * The pause in nanoseconds: between half and the whole of {@code min * 2^(failures - 1)}, at most max.
     *
     * @param failures failures in a row, at least 1
     */
    static long nanos(int failures, long min, long max) {
        int doublings = Math.min(failures - 1, Long.numberOfLeadingZeros(min) - 1);
        long whole = Math.min(max, min << doublings);
        return whole - ThreadLocalRandom.current().nextLong(whole / 2 + 1);
    }
}
