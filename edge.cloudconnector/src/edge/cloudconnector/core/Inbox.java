// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.core;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * What other threads have to tell a pump: small jobs that run on the pump's own thread, in their order. Bounded by what the
 * pump itself has asked for: one job for each batch under way, one for opening, one for a break, one for new records, and
 * the calls of operators.
 */
final class Inbox {

    private static final Runnable NOTHING = () -> { };
    private final BlockingQueue<Runnable> jobs = new LinkedBlockingQueue<>();

    void post(Runnable job) {
        jobs.add(job);
    }

    /** Makes the pump look around. */
    void wake() {
        jobs.add(NOTHING);
    }

    /** Waits for a job until {@link System#nanoTime()} reaches the deadline, then runs all that are there. */
    void await(long deadline) throws InterruptedException {
        Runnable job = jobs.poll(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        while (job != null) {
            job.run();
            job = jobs.poll();
        }
    }
}
