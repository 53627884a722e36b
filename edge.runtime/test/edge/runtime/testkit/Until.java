// SPDX-License-Identifier: Apache-2.0
package edge.runtime.testkit;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.opentest4j.AssertionFailedError;

/** Waits for what happens on other threads. */
public final class Until {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private Until() {
    }

    /** Something that is expected to become true; throws as long as it is not. */
    @FunctionalInterface
    public interface Expectation {
        void check() throws Exception;
    }

    /** Waits until the assertions hold; fails with the last failure. */
    public static void holds(Expectation expectation) {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            try {
                expectation.check();
                return;
            } catch (Exception | AssertionError e) {
                if (System.nanoTime() > deadline) {
                    throw new AssertionFailedError("did not hold within " + LIMIT, e);
                }
                LockSupport.parkNanos(10_000_000);
            }
        }
    }

    public static void isTrue(String what, Supplier<Boolean> condition) {
        holds(() -> {
            if (!condition.get()) {
                throw new AssertionError(what);
            }
        });
    }
}
