// SPDX-License-Identifier: Apache-2.0
package edge.runtime.scan;

import edge.api.device.Quality;
import edge.api.device.Reading;
import edge.api.device.Scan;
import edge.api.device.ScanStatistics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;

/**
 * The tags of one device that share a period, and their prepared scan.
 *
 * <p>Runs are started by the timer only, never while the last one is under way, and completed by a thread of the driver. A run
 * that is still under way when the next is due costs that one; one that does not end makes its tags BAD after two periods,
 * reason STALE and then DRIVER_FAULT, and nobody waits for it.
 */
final class ScanGroup {
    /** A run that takes longer than this and than {@link #FAULT_PERIODS} breaks the driver's contract. */
    static final long FAULT_NANOS = TimeUnit.SECONDS.toNanos(10);
    static final int FAULT_PERIODS = 10;

    // A tag that is read once an hour shall not be without a value for the first hour.
    private static final long FIRST_SCAN_WITHIN = TimeUnit.MILLISECONDS.toNanos(250);
    private static final Reading[] NO_READINGS = {};

    private final DeviceRecord device;
    private final DriverFaults faults;
    private final Schedule schedule;
    private final DriverCalls calls;
    private final Scan scan;
    private final int[] indexes;
    private final Duration periodText;
    private final long period;
    private final List<Schedule.Entry> entries = new ArrayList<>(2); // guarded by this
    private boolean failing; // in the device's lane
    private volatile boolean closed;
    private volatile Run current;
    private volatile boolean again;
    private volatile long answeredAt;
    private volatile long lastNanos;
    private volatile long completed;
    private volatile long overruns; // written by the timer only

    ScanGroup(DeviceRecord device, DriverFaults faults, Schedule schedule, DriverCalls calls, Scan scan, int[] indexes,
        Duration period) {
        this.device = device;
        this.faults = faults;
        this.schedule = schedule;
        this.calls = calls;
        this.scan = scan;
        this.indexes = indexes;
        this.periodText = period;
        this.period = Nanos.of(period);
        this.answeredAt = schedule.now();
    }

    void begin() {
        long now = schedule.now();
        long first = Phase.next(now, period, Phase.of(device.name(), period));
        synchronized (this) {
            if (closed) {
                return;
            }
            entries.add(schedule.every(first, period, this::tick));
            if (first - now > FIRST_SCAN_WITHIN) {
                entries.add(schedule.at(now + Phase.of(device.name(), FIRST_SCAN_WITHIN), this::early));
            }
        }
    }

    /** Starts no run any more and ignores the one that is under way. */
    synchronized void close() {
        closed = true;
        entries.forEach(schedule::cancel);
        entries.clear();
        faults.forget(this);
    }

    /** Has the tags read as soon as possible, beside the regular times. */
    void scanSoon() {
        schedule.at(schedule.now(), this::early);
    }

    boolean reads(int index) {
        for (int own : indexes) {
            if (own == index) {
                return true;
            }
        }
        return false;
    }

    /** For how long nobody may do anything from now on without this costing a run. */
    synchronized long slack(long now) {
        Run run = current;
        if (entries.isEmpty() || run != null && run.watched) {
            return Long.MAX_VALUE; // it is over, or late anyway
        }
        // A run that is under way has to be answered before the next is due; else that one may be late by nearly a period.
        return schedule.due(entries.get(0)) - now + (run == null ? period : 0);
    }

    long periodNanos() {
        return period;
    }

    ScanStatistics statistics() {
        return new ScanStatistics(periodText, indexes.length, completed, overruns, Duration.ofNanos(lastNanos));
    }

    private void tick(long now, long missed) {
        overruns += missed;
        Run run = current;
        if (run == null) {
            start(now);
            return;
        }
        overruns++;
        if (!run.watched) {
            run.watched = true;
            watch(run);
        }
    }

    private void early(long now, long missed) {
        again = true;
        if (current == null) {
            again = false;
            start(now);
        }
    }

    private void start(long now) {
        if (closed) {
            return;
        }
        Run run = new Run(now);
        current = run;
        if (!calls.isBlocking()) {
            run.begin();
        } else if (!calls.beside(run::begin)) {
            overruns++;
            current = null;
        }
    }

    private synchronized void watch(Run run) {
        if (closed) {
            return;
        }
        List<Schedule.Entry> before = entries.subList(1, entries.size());
        before.forEach(schedule::cancel);
        before.clear();
        entries.add(schedule.at(answeredAt + 2 * attainedPeriod(), (now, missed) -> stale(run)));
        long limit = Math.max(FAULT_NANOS, FAULT_PERIODS * period);
        entries.add(schedule.at(run.started + limit, (now, missed) -> overdue(run, limit)));
    }

    // A device whose scans take longer than the period is read at every second time or less: its values are as fresh as they
    // get and not stale.
    private long attainedPeriod() {
        return Math.max(1, (lastNanos + period - 1) / period) * period;
    }

    private void stale(Run run) {
        device.inOrder(() -> {
            if (!closed && !run.isDone()) {
                device.applyStale(indexes, "the device has not answered for two periods of " + text(period));
            }
        });
    }

    private void overdue(Run run, long limit) {
        device.inOrder(() -> {
            if (!closed && !run.isDone()) {
                fault("its scan did not end within " + text(limit));
            }
        });
    }

    private void fault(String what) {
        device.applyBad(indexes, Quality.Reason.DRIVER_FAULT, what);
        failing(what);
    }

    private void failing(String what) {
        faults.begin(this, device.name(), device.info().driver(), what);
        failing = true;
    }

    private static String text(long nanos) {
        return nanos % 1_000_000_000L == 0 ? nanos / 1_000_000_000L + " s" : nanos / 1_000_000L + " ms";
    }

    /** One run of the scan: takes the driver's answer, then enters it into the table in the device's order. */
    private final class Run extends AtomicBoolean implements BiConsumer<List<Reading>, Throwable>, Runnable {
        private static final long serialVersionUID = 1L;
        private final transient long started;
        private transient boolean watched; // by the timer only
        private transient Reading[] readings;
        private transient String fault;

        private Run(long started) {
            this.started = started;
        }

        private boolean isDone() {
            return get();
        }

        private void begin() {
            try {
                long before = schedule.now();
                CompletionStage<List<Reading>> stage = scan.run();
                calls.took(schedule.now() - before);
                if (stage == null) {
                    end(null, "its scan gave no stage to wait for");
                } else {
                    stage.whenComplete(this);
                }
            } catch (Throwable e) { // whatever a driver throws must not reach the timer that others need
                end(null, "its scan failed with " + e);
            }
        }

        @Override
        public void accept(List<Reading> result, Throwable failure) {
            if (failure != null) {
                end(null, "its scan failed with " + Failures.cause(failure));
            } else if (result == null) {
                end(null, "its scan gave no readings");
            } else {
                Reading[] copy;
                try {
                    copy = result.toArray(NO_READINGS);
                } catch (RuntimeException e) {
                    end(null, "its scan gave something else than readings: " + e);
                    return;
                }
                end(copy, copy.length == indexes.length ? null
                    : "its scan gave " + copy.length + " readings for " + indexes.length + " tags");
            }
        }

        // A stage that is broken may complete twice: the first time counts.
        private void end(Reading[] result, String what) {
            if (!compareAndSet(false, true)) {
                return;
            }
            readings = result;
            fault = what;
            long now = schedule.now();
            lastNanos = now - started;
            answeredAt = now;
            completed++;
            if (!device.inOrder(this)) {
                faults.discarded(device.name(), device.info().driver());
            }
            current = null;
            if (again) {
                scanSoon();
            }
        }

        @Override
        public void run() {
            if (closed) {
                return;
            } else if (fault != null) {
                fault(fault);
                return;
            }
            String broken = device.apply(indexes, readings);
            if (broken != null) {
                failing(broken);
            } else if (failing) {
                failing = false;
                faults.end(ScanGroup.this);
            }
        }
    }
}
