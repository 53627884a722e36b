// SPDX-License-Identifier: Apache-2.0
package edge.runtime.base;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs somebody else's code with a deadline, on a thread of its own, so that code that never returns costs one thread and
 * not the caller.
 */
public final class Deadline {
    /** How long interrupted code has to come back. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    private Deadline() {
    }

    /** The code did not return in time and was interrupted. */
    public static final class ExceededException extends Exception {
        private static final long serialVersionUID = 1L;
        private final boolean stillRunning;

        ExceededException(String where, boolean stillRunning) {
            super(where);
            this.stillRunning = stillRunning;
        }

        /** Whether the interrupt did not help either: the thread is left behind. */
        public boolean isStillRunning() {
            return stillRunning;
        }
    }

    /**
     * Calls {@code work} and waits for it.
     *
     * @throws ExceededException if it took longer; the message tells where it was then
     * @throws ExecutionException if it threw, whatever it was
     * @throws InterruptedException if the caller was interrupted; the work is then interrupted too
     */
    public static <T> T call(String threadName, Duration limit, Callable<T> work)
        throws ExceededException, ExecutionException, InterruptedException {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread thread = new Thread(() -> complete(result, work), threadName);
        thread.setDaemon(true);
        thread.start();
        try {
            return result.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            String where = where(thread);
            thread.interrupt();
            thread.join(GRACE.toMillis());
            throw new ExceededException(where, thread.isAlive());
        } catch (InterruptedException e) {
            thread.interrupt();
            throw e;
        }
    }

    private static <T> void complete(CompletableFuture<T> result, Callable<T> work) {
        try {
            result.complete(work.call());
        } catch (Throwable e) {
            // Somebody else's code: a LinkageError is as likely as an exception, and both are its caller's to judge.
            result.completeExceptionally(e);
        }
    }

    /** The innermost frame that is not the JDK's: that is where a person has to look. */
    private static String where(Thread thread) {
        StackTraceElement[] stack = thread.getStackTrace();
        for (StackTraceElement frame : stack) {
            if (!frame.getClassName().startsWith("java.") && !frame.getClassName().startsWith("jdk.")) {
                return frame.toString();
            }
        }
        return stack.length == 0 ? "an unknown place" : stack[0].toString();
    }
}
