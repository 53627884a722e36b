// SPDX-License-Identifier: Apache-2.0
package edge.runtime.scan;

import edge.api.device.FieldDevice;
import edge.api.device.FieldDevice.Observation;
import edge.api.device.Quality;
import edge.api.device.Reading;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The tags of one device that report by themselves. Their readings take the same way as those of scans. */
final class ObservedTags {
    private static final Logger LOG = LoggerFactory.getLogger(ObservedTags.class);
    private static final Reading[] NO_READINGS = {};

    private final DeviceRecord device;
    private final DriverFaults faults;
    private final Schedule schedule;
    private final int[] indexes;
    private final boolean[] observed;
    private Observation observation; // guarded by this
    private Schedule.Entry heartbeat; // guarded by this
    private boolean failing; // in the device's lane
    private volatile boolean closed;

    ObservedTags(DeviceRecord device, DriverFaults faults, Schedule schedule, int[] indexes) {
        this.device = device;
        this.faults = faults;
        this.schedule = schedule;
        this.indexes = indexes;
        this.observed = new boolean[device.size()];
        for (int index : indexes) {
            observed[index] = true;
        }
    }

    void begin(FieldDevice driver) {
        Observation begun;
        try {
            begun = driver.observe(this::take);
        } catch (Throwable e) { // whatever a driver throws must not keep its other tags from being read
            inOrder(() -> fault("it cannot observe: " + e));
            return;
        }
        boolean late;
        synchronized (this) {
            late = closed;
            observation = begun;
            long shortest = shortestHeartbeat();
            if (!late && shortest > 0) {
                long period = ReportFilter.lookEvery(shortest);
                heartbeat = schedule.every(schedule.now() + period, period,
                    (now, missed) -> inOrder(() -> device.applyHeartbeat(indexes)));
            }
        }
        if (late) {
            end(begun);
        }
    }

    void close() {
        Observation begun;
        synchronized (this) {
            closed = true;
            begun = observation;
            observation = null;
            if (heartbeat != null) {
                schedule.cancel(heartbeat);
            }
        }
        faults.forget(this);
        end(begun);
    }

    private void end(Observation begun) {
        if (begun == null) {
            return;
        }
        try {
            begun.close();
        } catch (RuntimeException | LinkageError e) {
            LOG.warn("Driver {} failed to end the observation of device {}", device.info().driver(), device.name(), e);
        }
    }

    private void take(List<Reading> reported) {
        Reading[] readings;
        try {
            readings = reported.toArray(NO_READINGS);
        } catch (RuntimeException e) {
            inOrder(() -> fault("it reported something else than readings: " + e));
            return;
        }
        inOrder(() -> apply(readings));
    }

    private void apply(Reading[] readings) {
        int[] targets = new int[readings.length];
        Reading[] known = new Reading[readings.length];
        int count = 0;
        String broken = null;
        for (Reading reading : readings) {
            int index = reading == null || reading.tag() == null ? -1 : device.index(reading.tag().name());
            if (index < 0 || !observed[index]) {
                broken = "it reported a tag that does not report by itself";
            } else {
                targets[count] = index;
                known[count++] = reading;
            }
        }
        if (count > 0) {
            String wrong = device.apply(Arrays.copyOf(targets, count), known);
            broken = broken == null ? wrong : broken;
        }
        if (broken != null) {
            failing = true;
            faults.begin(this, device.name(), device.info().driver(), broken);
        } else if (failing) {
            failing = false;
            faults.end(this);
        }
    }

    private void fault(String what) {
        failing = true;
        device.applyBad(indexes, Quality.Reason.DRIVER_FAULT, what);
        faults.begin(this, device.name(), device.info().driver(), what);
    }

    private void inOrder(Runnable job) {
        boolean taken = device.inOrder(() -> {
            if (!closed) {
                job.run();
            }
        });
        if (!taken) {
            faults.discarded(device.name(), device.info().driver());
        }
    }

    // The shortest heartbeat; 0 if no tag has one.
    private long shortestHeartbeat() {
        long shortest = 0;
        for (int index : indexes) {
            long own = Nanos.of(device.tag(index).report().heartbeat());
            if (own > 0 && (shortest == 0 || own < shortest)) {
                shortest = own;
            }
        }
        return shortest;
    }
}
