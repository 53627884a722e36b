// SPDX-License-Identifier: Apache-2.0
package edge.runtime.scan;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Calls one driver for one device on the timer's thread, as long as its calls return at once. One that blocks again and again
 * is called on a thread beside the timer's from then on: it is late itself, nobody else is.
 */
final class DriverCalls {
    static final long SLOW_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    // A pause of the whole machine is no fault of the driver; several in a row are not likely.
    private static final int TOLERATED = 3;

    private final Executor beside;
    private final Runnable onBlocking;
    private volatile int slowCalls; // written by the timer only
    private volatile boolean blocking;

    /** @param onBlocking called once, when the driver is found to block */
    DriverCalls(Executor beside, Runnable onBlocking) {
        this.beside = beside;
        this.onBlocking = onBlocking;
    }

    /** Whether calls are to be made {@link #beside} the timer's thread. */
    boolean isBlocking() {
        return blocking;
    }

    /** Makes a call on a thread beside the timer's; false if that cannot be because too many drivers block. */
    boolean beside(Runnable call) {
        try {
            beside.execute(call);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    /** Takes note of how long a call took. */
    void took(long nanos) {
        if (blocking) {
            return;
        } else if (nanos < SLOW_NANOS) {
            slowCalls = 0;
            return;
        }
        int slow = slowCalls + 1;
        slowCalls = slow;
        if (slow >= TOLERATED) {
            blocking = true;
            onBlocking.run();
        }
    }
}
