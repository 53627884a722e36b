// SPDX-License-Identifier: Apache-2.0
package edge.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;

/** Waits for conditions. */
public final class Until {

    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private Until() {
    }

    /** Returns when the condition holds; fails after half a minute. */
    public static void holds(String what, BooleanSupplier condition) {
        Instant end = Instant.now().plus(DEADLINE);
        while (!condition.getAsBoolean()) {
            if (Instant.now().isAfter(end)) {
                throw new AssertionError("not within " + DEADLINE.toSeconds() + " s: " + what);
            }
            try {
                Thread.sleep(5);
            } catch (InterruptedException e) {
                throw new AssertionError("interrupted while waiting: " + what, e);
            }
        }
    }

    /** Whether no thread has a name that begins so. */
    public static boolean noThread(String prefix) {
        return Thread.getAllStackTraces().keySet().stream().noneMatch(thread -> thread.getName().startsWith(prefix));
    }
}
