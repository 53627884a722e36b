// SPDX-License-Identifier: Apache-2.0
package edge.runtime.scan;

import java.util.ArrayDeque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the work of one device in order without a thread of its own: whoever finds the lane idle works off what is in it,
 * others only leave their job behind. Jobs run one after the other, never under the lock.
 */
final class SerialLane {
    /** More than that can only wait if a driver reports faster than anybody can take it. */
    static final int LIMIT = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(SerialLane.class);

    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>(2); // guarded by this
    private boolean busy; // guarded by this

    /**
     * Runs the job now or has it run by who is in the lane.
     *
     * @return false if too much waits already; the job is then not run
     */
    boolean execute(Runnable job) {
        synchronized (this) {
            if (busy) {
                if (waiting.size() >= LIMIT) {
                    return false;
                }
                waiting.add(job);
                return true;
            }
            busy = true;
        }
        Runnable next = job;
        while (next != null) {
            try {
                next.run();
            } catch (RuntimeException | Error e) {
                LOG.error("Working on the readings of a device failed; this is a defect of the runtime, please report it", e);
            }
            synchronized (this) {
                next = waiting.poll();
                busy = next != null;
            }
        }
        return true;
    }
}
