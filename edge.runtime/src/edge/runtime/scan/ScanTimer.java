// SPDX-License-Identifier: Apache-2.0
package edge.runtime.scan;

import java.util.concurrent.locks.LockSupport;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread that starts scans: {@code edge-scan}. */
@Component(service = ScanTimer.class)
public final class ScanTimer {
    private static final Logger LOG = LoggerFactory.getLogger(ScanTimer.class);
    private static final long STOP_WITHIN_MILLIS = 2_000;

    private final Schedule schedule = new Schedule(System::nanoTime);
    private final Thread thread = new Thread(this::loop, "edge-scan");
    private volatile boolean closed;

    @Activate
    public ScanTimer() {
        schedule.onEarlierJob(() -> LockSupport.unpark(thread));
        thread.setDaemon(true);
        thread.start();
    }

    @Deactivate
    void close() {
        closed = true;
        schedule.close();
        LockSupport.unpark(thread);
        try {
            thread.join(STOP_WITHIN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            LOG.warn("The thread {} does not end: a driver keeps it", thread.getName());
        }
    }

    Schedule schedule() {
        return schedule;
    }

    private void loop() {
        while (!closed) {
            long wait = schedule.runDue();
            if (!closed) {
                LockSupport.parkNanos(this, wait);
            }
        }
    }
}
