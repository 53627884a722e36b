// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus;

import edge.api.device.Reading;
import edge.api.device.Scan;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs scans as the scan engine does: on time, and skipped while the one before is still running. */
final class Poller implements AutoCloseable {
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final Duration period;

    Poller(Duration period) {
        this.period = period;
    }

    /** What came of one device's scans. */
    static final class Tally {
        final AtomicInteger due = new AtomicInteger();
        final AtomicInteger good = new AtomicInteger();
        final AtomicInteger bad = new AtomicInteger();

        double rate() {
            return (double) good.get() / due.get();
        }

        void reset() {
            due.set(0);
            good.set(0);
            bad.set(0);
        }

        @Override
        public String toString() {
            return good + " good and " + bad + " bad of " + due;
        }
    }

    /** @param phase when the first scan is due, in parts of a period */
    Tally poll(Scan scan, double phase) {
        Tally tally = new Tally();
        AtomicBoolean running = new AtomicBoolean();
        timer.scheduleAtFixedRate(() -> {
            tally.due.incrementAndGet();
            if (running.compareAndSet(false, true)) {
                scan.run().thenAccept(readings -> {
                    running.set(false);
                    (isGood(readings) ? tally.good : tally.bad).incrementAndGet();
                });
            }
        }, (long) (phase * period.toMillis()), period.toMillis(), TimeUnit.MILLISECONDS);
        return tally;
    }

    private static boolean isGood(List<Reading> readings) {
        return readings.stream().allMatch(reading -> reading.quality().isGood());
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
