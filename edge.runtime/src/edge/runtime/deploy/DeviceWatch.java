// SPDX-License-Identifier: Apache-2.0
package edge.runtime.deploy;

import edge.api.device.DeviceState;
import edge.api.device.TagTable;
import edge.runtime.deploy.BundleControl.StepException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;

/**
 * Watches the devices that a change has touched: is what was connected connected, what was good good, and at its rate? One scan
 * that a device or a busy machine misses is no reason to go back: a trouble counts when it lasts.
 */
final class DeviceWatch {
    /** A device that reconnects is given this long, or three of its periods. */
    static final Duration PATIENCE = Duration.ofSeconds(6);
    private static final double RATE = 0.75;
    private static final double LEAST_SECONDS = 1.5;
    private static final int NAMED = 3;

    private final TagTable table;
    private final Map<String, Vitals.Device> before;
    private final Touched touched;
    private final LongSupplier nanos;
    private final Map<String, Start> starts = new HashMap<>();
    private final Map<String, Long> troubled = new HashMap<>();

    /**
     * What was changed.
     *
     * @param bundles symbolic names: changed, or restarted because they use what is
     * @param running those of them that are to run
     * @param pids of the changed configurations
     */
    record Touched(Collection<String> bundles, Collection<String> running, Collection<String> pids) {
        boolean isDriver(String driver) {
            return bundles.contains(driver) || pids.stream().anyMatch(pid -> pid.startsWith(driver));
        }

        boolean isDevice(String driver, String device) {
            return pids.contains(driver + "~" + device);
        }

        /** By somebody's wish. */
        boolean isStopped(String driver) {
            return bundles.contains(driver) && !running.contains(driver);
        }
    }

    private record Start(long nanos, Map<Duration, Long> scans) {
    }

    /**
     * @param before the devices as they were, by name
     * @param nanos the time as {@link System#nanoTime()} tells it
     */
    DeviceWatch(TagTable table, Map<String, Vitals.Device> before, Touched touched, LongSupplier nanos) {
        this.table = table;
        this.before = before;
        this.touched = touched;
        this.nanos = nanos;
    }

    /**
     * Looks at all of them.
     *
     * @param last whether a trouble counts although it has not lasted yet
     * @throws StepException with the trouble in one sentence
     */
    void look(boolean last) throws StepException {
        for (DeviceState state : table.devices()) {
            String name = state.info().name();
            Vitals.Device then = before.get(name);
            if (then != null && touched.isDriver(state.info().driver())) {
                judge(name, then, trouble(name, then, Vitals.Device.of(state)), last);
            }
        }
        for (Map.Entry<String, Vitals.Device> then : before.entrySet()) {
            String driver = then.getValue().driver();
            // Whose configuration is deleted, or whose driver is stopped, is not missed.
            if (touched.isDriver(driver) && touched.running().contains(driver) && !touched.isDevice(driver, then.getKey())
                && table.device(then.getKey()).isEmpty()) {
                throw new StepException("The device " + then.getKey() + " has gone.", null);
            }
        }
    }

    private void judge(String name, Vitals.Device then, Optional<String> trouble, boolean last) throws StepException {
        if (trouble.isEmpty()) {
            troubled.remove(name);
            return;
        }
        long since = troubled.computeIfAbsent(name, unused -> nanos.getAsLong());
        if (last || nanos.getAsLong() - since > patience(then).toNanos()) {
            throw new StepException(trouble.get(), null);
        }
    }

    private static Duration patience(Vitals.Device device) {
        Duration slowest = device.scans().keySet().stream().max(Duration::compareTo).orElse(Duration.ZERO).multipliedBy(3);
        return slowest.compareTo(PATIENCE) > 0 ? slowest : PATIENCE;
    }

    private Optional<String> trouble(String name, Vitals.Device then, Vitals.Device now) {
        if (touched.isStopped(then.driver())) {
            return Optional.empty();
        }
        if (then.connected() && !now.connected()) {
            return Optional.of("The device " + name + " was connected before and is not connected now.");
        }
        Set<String> lost = new TreeSet<>(then.good());
        lost.removeAll(now.good());
        boolean reconfigured = touched.isDevice(then.driver(), name);
        if (reconfigured) {
            lost.retainAll(now.names()); // what its configuration does not name any more is not missed
        }
        if (!lost.isEmpty()) {
            List<String> named = lost.stream().limit(NAMED).toList();
            return Optional.of("The device " + name + " delivers " + now.good().size() + " good tags instead of "
                + then.good().size() + "; missing: " + String.join(", ", named) + (lost.size() > NAMED ? ", …" : "") + ".");
        }
        return reconfigured ? Optional.empty() : slowness(name, then, now);
    }

    /** From its first scan on: what was delivered against what the same time brought before. */
    private Optional<String> slowness(String name, Vitals.Device then, Vitals.Device now) {
        if (now.scans().values().stream().noneMatch(count -> count > 0)) {
            return Optional.empty();
        }
        Start start = starts.computeIfAbsent(name, unused -> new Start(nanos.getAsLong(), now.scans()));
        double seconds = (nanos.getAsLong() - start.nanos()) / 1e9;
        double expected = 0;
        double slowest = 0;
        for (Map.Entry<Duration, Double> group : then.rate().entrySet()) {
            double period = group.getKey().toNanos() / 1e9;
            if (period * 4 <= seconds) {
                expected += group.getValue();
                slowest = Math.max(slowest, period);
            }
        }
        if (seconds < Math.max(LEAST_SECONDS, 5 * slowest)) {
            return Optional.empty();
        }
        double delivered = 0;
        for (Map.Entry<Duration, Long> group : now.scans().entrySet()) {
            long scans = group.getValue() - start.scans().getOrDefault(group.getKey(), 0L);
            // One more may be due this moment.
            delivered += (scans + 1.0) * now.tags().get(group.getKey()) / seconds;
        }
        return delivered >= RATE * expected ? Optional.empty()
            : Optional.of(String.format(Locale.ROOT, "The device %s delivers %.1f readings a second instead of %.1f.", name,
                delivered, expected));
    }
}
