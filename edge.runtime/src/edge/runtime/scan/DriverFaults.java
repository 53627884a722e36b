// SPDX-License-Identifier: Apache-2.0
package edge.runtime.scan;

import edge.api.health.Events;
import edge.api.health.HealthReport.Status;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drivers that break their contract: each is told once when it begins and once when it ends.
 */
final class DriverFaults {
    private static final Logger LOG = LoggerFactory.getLogger(DriverFaults.class);

    private static final long RECENT_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Events events;
    private final LongSupplier nanoTime;
    private final Map<Object, Fault> open = new ConcurrentHashMap<>();
    private final LongAdder discarded = new LongAdder();
    private volatile long lastDiscardedNanos;

    private record Fault(String device, String driver, String what) {
    }

    DriverFaults(Events events, LongSupplier nanoTime) {
        this.events = events;
        this.nanoTime = nanoTime;
    }

    /** @param source who keeps breaking it: one scan, one observation */
    void begin(Object source, String device, String driver, String what) {
        if (open.put(source, new Fault(device, driver, what)) == null) {
            LOG.warn("Driver {} breaks its contract for device {}: {}. Its tags are BAD; other devices go on", driver, device,
                what);
            events.add(Status.WARN, "device " + device, "driver " + driver + " breaks its contract: " + what);
        }
    }

    /** It keeps its contract again. */
    void end(Object source) {
        Fault fault = open.remove(source);
        if (fault != null) {
            LOG.info("Driver {} keeps its contract again for device {}", fault.driver, fault.device);
            events.add(Status.OK, "device " + fault.device, "driver " + fault.driver + " keeps its contract again");
        }
    }

    /** The source is gone. */
    void forget(Object source) {
        open.remove(source);
    }

    /** The driver blocks the timer's thread and will be called on another one. */
    void blocks(String device, String driver) {
        LOG.warn("Driver {} does not return at once from reading device {}: it is called on a thread of its own from now on, and "
            + "its readings may be late", driver, device);
        events.add(Status.WARN, "device " + device, "driver " + driver + " does not return at once from reading: it is called "
            + "on a thread of its own, and its readings may be late");
    }

    /** Readings had to be thrown away because the driver reported faster than anybody could take them. */
    void discarded(String device, String driver) {
        discarded.increment();
        lastDiscardedNanos = nanoTime.getAsLong();
        if (discarded.sum() == 1) {
            LOG.warn("Driver {} reports for device {} faster than the gateway can take it: readings are discarded and counted",
                driver, device);
        }
    }

    /** Batches of readings thrown away since start. */
    long discarded() {
        return discarded.sum();
    }

    /** Whether that happened within the last minute. */
    boolean isDiscarding() {
        return discarded.sum() > 0 && nanoTime.getAsLong() - lastDiscardedNanos < RECENT_NANOS;
    }

    /** Devices whose drivers break their contract now, with what is wrong. */
    Map<String, String> open() {
        Map<String, String> byDevice = new TreeMap<>();
        open.values().forEach(fault -> byDevice.put(fault.device, fault.what + " (driver " + fault.driver + ")"));
        return byDevice;
    }
}
