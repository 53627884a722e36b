// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.support;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits on conditions. */
public final class Until {

    private static final long LOOK_EVERY = Duration.ofMillis(10).toNanos();

    private Until() {
    }

    /** @param state told when the condition never held */
    public static void holds(Duration atMost, Callable<?> state, Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() - deadline >= 0) {
                throw new AssertionError("waited " + atMost.toSeconds() + " s in vain: " + state.call());
            }
            LockSupport.parkNanos(LOOK_EVERY);
        }
    }
}
