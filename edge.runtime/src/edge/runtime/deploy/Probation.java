// SPDX-License-Identifier: Apache-2.0
package edge.runtime.deploy;

import edge.api.device.DeviceState;
import edge.api.device.TagTable;
import edge.api.health.LogBook;
import edge.runtime.deploy.BundleControl.StepException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.osgi.framework.Bundle;

/**
 * Watches a gateway that was changed: does everything work that worked before, and does nothing run away? Ends with the first
 * trouble, named in one sentence, or when its time is over.
 */
final class Probation {
    private static final long LOOK_MILLIS = 250;
    private static final long CPU_LOOK_NANOS = 1_000_000_000L;
    private static final long COLLECT_EVERY_NANOS = 3_000_000_000L;
    /** A device that reconnects is given this long, or three of its periods. */
    private static final Duration RECONNECT = Duration.ofSeconds(6);
    private static final double RATE = 0.75;
    private static final double BUSY = 0.04;
    private static final int BUSY_LOOKS = 5;
    private static final int HEAP_PERCENT = 88;
    private static final int NAMED = 3;

    private final BundleControl control;
    private final Components components;
    private final TagTable table;
    private final LogBook log;
    private final Limits limits;
    private final Swap swap;
    private final Vitals before;
    private final Set<String> running = new TreeSet<>();
    private final Interruption interruption;
    private final Map<String, Start> starts = new HashMap<>();
    private final Map<Long, Busy> busy = new HashMap<>();
    private final long begun = System.nanoTime();
    private long endless = -1;
    private long cpuLookedAt = begun;
    private long collectedAt = begun - COLLECT_EVERY_NANOS;

    /**
     * What the whole gateway may have more than before.
     *
     * @param threads more threads
     * @param handles more open files and sockets
     * @param errors lines of the log at the level ERROR
     */
    record Limits(int threads, int handles, int errors) {
        static final Limits DEFAULT = new Limits(50, 100, 20);
    }

    /** What can end a probation from outside. */
    @FunctionalInterface
    interface Interruption {
        /** @throws StepException with the reason */
        void check() throws StepException;
    }

    private record Start(long nanos, Map<Duration, Long> scans) {
    }

    private record Busy(long cpuNanos, long waits, int looks) {
    }

    /** @param running symbolic names of the changed bundles that are to run */
    Probation(BundleControl control, Components components, TagTable table, LogBook log, Limits limits, Swap swap,
              Vitals before, Collection<String> running, Interruption interruption) {
        this.control = control;
        this.components = components;
        this.table = table;
        this.log = log;
        this.limits = limits;
        this.swap = swap;
        this.before = before;
        this.running.addAll(running);
        this.interruption = interruption;
    }

    /** Returns when the time is over and all is well. */
    void pass(Duration time) throws StepException {
        long end = begun + time.toNanos();
        while (System.nanoTime() - end < 0) {
            interruption.check();
            look(false);
            BundleControl.pause(Math.min(LOOK_MILLIS, Math.max(1, (end - System.nanoTime()) / 1_000_000)));
        }
        long patience = System.nanoTime() + Math.min(time.toNanos(), RECONNECT.toNanos());
        while (true) {
            interruption.check();
            try {
                look(true);
                return;
            } catch (StepException e) {
                if (Thread.currentThread().isInterrupted() || System.nanoTime() > patience) {
                    throw e;
                }
                BundleControl.pause(LOOK_MILLIS);
            }
        }
    }

    private void look(boolean last) throws StepException {
        lookAtBundles();
        lookAtProcess();
        lookAtThreads();
        for (DeviceState state : table.devices()) {
            Vitals.Device then = before.devices().get(state.info().name());
            if (then != null && isTouched(state.info().driver())) {
                lookAtDevice(state.info().name(), then, Vitals.Device.of(state), last);
            }
        }
        for (Map.Entry<String, Vitals.Device> then : before.devices().entrySet()) {
            if (isTouched(then.getValue().driver()) && table.device(then.getKey()).isEmpty() && isMissed(then.getKey())) {
                throw new StepException("The device " + then.getKey() + " has gone.", null);
            }
        }
    }

    private boolean isTouched(String driver) {
        return swap.touched().contains(driver) || swap.textsBefore().keySet().stream().anyMatch(pid -> pid.startsWith(driver));
    }

    /** A device whose configuration is deleted or whose driver is stopped is not missed. */
    private boolean isMissed(String device) {
        String driver = before.devices().get(device).driver();
        return running.contains(driver) && !swap.textsBefore().containsKey(driver + "~" + device);
    }

    private void lookAtBundles() throws StepException {
        for (String name : swap.touched()) {
            Bundle bundle = control.find(name);
            if (running.contains(name) && (bundle == null
                || bundle.getState() != Bundle.ACTIVE && bundle.getState() != Bundle.STARTING)
                && (bundle == null || !BundleControl.isFragment(bundle))) {
                throw new StepException(name + " does not run any more.", null);
            }
            for (Components.State state : bundle == null || !running.contains(name) ? List.<Components.State>of()
                : components.of(bundle)) {
                String trouble = swap.trouble(state);
                if (!trouble.isEmpty()) {
                    throw new StepException(trouble, null);
                }
            }
        }
    }

    // --------------------------------------------------------------------------------------------------------- devices

    private void lookAtDevice(String name, Vitals.Device then, Vitals.Device now, boolean last) throws StepException {
        if (!running.contains(then.driver()) && swap.touched().contains(then.driver())) {
            return; // stopped by somebody's wish
        }
        boolean late = last || System.nanoTime() - begun > patience(then).toNanos();
        if (then.connected() && !now.connected() && late) {
            throw new StepException("The device " + name + " was connected before and is not connected now.", null);
        }
        Set<String> lost = new TreeSet<>(then.good());
        lost.removeAll(now.good());
        boolean reconfigured = swap.textsBefore().containsKey(then.driver() + "~" + name);
        if (reconfigured) {
            lost.retainAll(now.names()); // what its configuration does not name any more is not missed
        }
        if (!lost.isEmpty() && late) {
            throw new StepException("The device " + name + " delivers " + now.good().size() + " good tags instead of "
                + then.good().size() + "; missing: "
                + String.join(", ", lost.stream().limit(NAMED).toList()) + (lost.size() > NAMED ? ", …" : "") + ".", null);
        }
        if (!reconfigured) {
            lookAtRate(name, then, now);
        }
    }

    private static Duration patience(Vitals.Device device) {
        Duration slowest = device.scans().keySet().stream().max(Duration::compareTo).orElse(Duration.ZERO).multipliedBy(3);
        return slowest.compareTo(RECONNECT) > 0 ? slowest : RECONNECT;
    }

    /** From its first scan on: what was delivered against what the same time brought before. */
    private void lookAtRate(String name, Vitals.Device then, Vitals.Device now) throws StepException {
        if (now.scans().values().stream().noneMatch(count -> count > 0)) {
            return;
        }
        Start start = starts.computeIfAbsent(name, unused -> new Start(System.nanoTime(), now.scans()));
        double seconds = (System.nanoTime() - start.nanos()) / 1e9;
        double expected = 0;
        double slowest = 0;
        for (Map.Entry<Duration, Double> group : then.rate().entrySet()) {
            double period = group.getKey().toNanos() / 1e9;
            if (period * 4 <= seconds) {
                expected += group.getValue();
                slowest = Math.max(slowest, period);
            }
        }
        double delivered = 0;
        for (Map.Entry<Duration, Long> group : now.scans().entrySet()) {
            long scans = group.getValue() - start.scans().getOrDefault(group.getKey(), 0L);
            // One more may be due this moment.
            delivered += (scans + 1.0) * now.tags().get(group.getKey()) / seconds;
        }
        if (seconds >= Math.max(1.5, 5 * slowest) && delivered < RATE * expected) {
            throw new StepException(String.format(Locale.ROOT, "The device %s delivers %.1f readings a second"
                + " instead of %.1f.", name, delivered, expected), null);
        }
    }

    // --------------------------------------------------------------------------------------------------------- process

    private void lookAtProcess() throws StepException {
        int threads = ManagementFactory.getThreadMXBean().getThreadCount() - before.threads().size();
        if (threads > limits.threads()) {
            throw new StepException("There are " + threads + " more threads than before; the newest: " + newThreads() + ".",
                null);
        }
        int handles = Vitals.openHandles() - before.handles();
        if (before.handles() > 0 && handles > limits.handles()) {
            throw new StepException("There are " + handles + " more open files and sockets than before.", null);
        }
        List<LogBook.Line> errors = log.lines(before.lastLine(), LogBook.Level.ERROR, limits.errors() + 1);
        if (errors.size() > limits.errors()) {
            throw new StepException("More than " + limits.errors() + " errors were logged, the newest: "
                + errors.get(errors.size() - 1).text() + ".", null);
        }
        lookAtHeap();
    }

    private String newThreads() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        Set<String> names = new TreeSet<>();
        for (long id : threads.getAllThreadIds()) {
            ThreadInfo info = before.threads().contains(id) ? null : threads.getThreadInfo(id);
            if (info != null && names.size() < NAMED) {
                names.add(info.getThreadName());
            }
        }
        return String.join(", ", names);
    }

    private void lookAtHeap() throws StepException {
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            MemoryUsage now = pool.getUsage();
            boolean old = pool.getType() == MemoryType.HEAP && (pool.getName().contains("Old")
                || pool.getName().contains("Tenured"));
            if (old && now.getMax() > 0 && now.getUsed() * 100 / now.getMax() >= HEAP_PERCENT
                && System.nanoTime() - collectedAt > COLLECT_EVERY_NANOS) {
                // Most of it may be garbage: only a collection tells.
                System.gc();
                collectedAt = System.nanoTime();
                long percent = pool.getUsage().getUsed() * 100 / now.getMax();
                if (percent >= HEAP_PERCENT) {
                    throw new StepException("The heap is nearly exhausted: " + percent + " % of it are in use.", null);
                }
            }
        }
    }

    /**
     * A thread that was not there before, never waits, and uses what it gets of the processors is an endless loop. How much it
     * gets depends on the others.
     */
    private void lookAtThreads() throws StepException {
        long now = System.nanoTime();
        if (now - cpuLookedAt < CPU_LOOK_NANOS) {
            return;
        }
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        for (long id : threads.getAllThreadIds()) {
            long cpu = before.threads().contains(id) || id == Thread.currentThread().getId() ? -1
                : threads.getThreadCpuTime(id);
            ThreadInfo info = cpu < 0 ? null : threads.getThreadInfo(id, Integer.MAX_VALUE);
            if (info == null) {
                continue;
            }
            long waits = info.getWaitedCount() + info.getBlockedCount();
            Busy last = busy.getOrDefault(id, new Busy(cpu, waits, 0));
            boolean computes = info.getThreadState() == Thread.State.RUNNABLE && info.getStackTrace().length > 0
                && !info.getStackTrace()[0].isNativeMethod() && waits == last.waits()
                && cpu - last.cpuNanos() > BUSY * (now - cpuLookedAt);
            busy.put(id, new Busy(cpu, waits, computes ? last.looks() + 1 : 0));
            if (computes && last.looks() + 1 >= BUSY_LOOKS) {
                endless = id;
                throw new StepException(endless(info), null);
            }
        }
        cpuLookedAt = now;
    }

    /**
     * What still runs away although the bundles that brought it are gone, to go behind "because"; empty if nothing does. Takes
     * half a second if there was something.
     */
    String runaway() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long cpu = endless < 0 ? -1 : threads.getThreadCpuTime(endless);
        if (cpu >= 0) {
            try {
                BundleControl.pause(LOOK_MILLIS * 2);
            } catch (StepException e) {
                return "";
            }
            if (threads.getThreadCpuTime(endless) - cpu > BUSY * LOOK_MILLIS * 2 * 1_000_000) {
                return endless(threads.getThreadInfo(endless, Integer.MAX_VALUE)).replaceAll("\\.$", "") + ", and cannot be stopped";
            }
        }
        try {
            collectedAt = begun - COLLECT_EVERY_NANOS;
            lookAtHeap();
            return "";
        } catch (StepException e) {
            return e.getMessage().replaceAll("\\.$", "") + ", and what uses it cannot be removed";
        }
    }

    private static String endless(ThreadInfo thread) {
        Optional<StackTraceElement> where = thread == null ? Optional.empty()
            : Arrays.stream(thread.getStackTrace()).filter(frame -> !frame.getClassName().startsWith("java."))
                .findFirst();
        return "The thread " + (thread == null ? "?" : thread.getThreadName()) + " has been computing without a pause for "
            + BUSY_LOOKS + " s" + where.map(frame -> ", at " + frame).orElse("") + ".";
    }
}
