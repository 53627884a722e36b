// SPDX-License-Identifier: Apache-2.0
package edge.test.support;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waits on conditions. */
public final class Until {

    private static final long LOOK_EVERY = Duration.ofMillis(20).toNanos();

    private Until() {
    }

    /** A condition that may throw while it does not hold yet. */
    @FunctionalInterface
    public interface Condition {
        boolean holds() throws Exception;
    }

    /**
     * Returns when the condition holds.
     *
     * @param what completes the sentence "waited in vain for ..."
     * @param state what to tell when it never held
     */
    public static void holds(Duration atMost, String what, Supplier<String> state, Condition condition) {
        long deadline = System.nanoTime() + atMost.toNanos();
        Exception last = null;
        while (true) {
            try {
                if (condition.holds()) {
                    return;
                }
                last = null;
            } catch (Exception e) {
                last = e;
            }
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("waited " + atMost.toSeconds() + " s in vain for " + what + ": " + state.get(),
                    last);
            }
            LockSupport.parkNanos(LOOK_EVERY);
        }
    }

    public static void holds(Duration atMost, String what, Condition condition) {
        holds(atMost, what, () -> "", condition);
    }
}
