// SPDX-License-Identifier: Apache-2.0
package edge.runtime.deploy;

import edge.api.device.TagTable;
import edge.api.health.LogBook;
import edge.runtime.base.OldGeneration;
import edge.runtime.deploy.BundleControl.StepException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
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
    private static final int BUSY_LOOKS = 5;
    /** What an endless loop has computed at least in that time, on a machine that has much else to do. */
    private static final long BUSY_NANOS = 100_000_000L;
    /** What shows that it still runs, and how many looks are waited for that. */
    private static final long STILL_BUSY_NANOS = 10_000_000L;
    private static final int STILL_LOOKS = 12;
    private static final int HEAP_PERCENT = 88;
    private static final int NAMED = 3;

    private final BundleControl control;
    private final Components components;
    private final DeviceWatch devices;
    private final LogBook log;
    private final Limits limits;
    private final Swap swap;
    private final Vitals before;
    private final Set<String> running = new TreeSet<>();
    private final Interruption interruption;
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

    /**
     * A thread that may be in an endless loop.
     *
     * @param first its processor time when it was seen first
     * @param cpu and now
     * @param waits how many times it has waited for something, ever
     * @param looks at which it was seen computing
     */
    private record Busy(long first, long cpu, long waits, int looks) {
    }

    /** @param running symbolic names of the changed bundles that are to run */
    Probation(BundleControl control, Components components, TagTable table, LogBook log, Limits limits, Swap swap,
              Vitals before, Collection<String> running, Interruption interruption) {
        this.control = control;
        this.components = components;
        this.log = log;
        this.limits = limits;
        this.swap = swap;
        this.before = before;
        this.running.addAll(running);
        this.devices = new DeviceWatch(table, before.devices(), new DeviceWatch.Touched(swap.touched(), this.running,
            swap.textsBefore().keySet()), System::nanoTime);
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
        long patience = System.nanoTime() + DeviceWatch.PATIENCE.toNanos();
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
        devices.look(last);
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
        if (heapPercent() < HEAP_PERCENT || System.nanoTime() - collectedAt <= COLLECT_EVERY_NANOS) {
            return;
        }
        // Most of it may be garbage: only a collection tells.
        System.gc();
        collectedAt = System.nanoTime();
        long percent = heapPercent();
        if (percent >= HEAP_PERCENT) {
            throw new StepException("The heap is nearly exhausted: " + percent + " % of it are in use.", null);
        }
    }

    private static long heapPercent() {
        return OldGeneration.now().map(used -> used.getUsed() * 100 / used.getMax()).orElse(0L);
    }

    /**
     * A thread that was not there before, never waits, and computes is an endless loop. How much it gets of the processors depends
     * on the others.
     */
    private void lookAtThreads() throws StepException {
        long now = System.nanoTime();
        if (now - cpuLookedAt < CPU_LOOK_NANOS) {
            return;
        }
        cpuLookedAt = now;
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        for (long id : threads.getAllThreadIds()) {
            long cpu = before.threads().contains(id) || id == Thread.currentThread().getId() ? -1
                : threads.getThreadCpuTime(id);
            ThreadInfo info = cpu < 0 ? null : threads.getThreadInfo(id, Integer.MAX_VALUE);
            if (info == null) {
                continue;
            }
            long waits = info.getWaitedCount() + info.getBlockedCount();
            Busy last = busy.get(id);
            boolean mayCompute = info.getThreadState() == Thread.State.RUNNABLE && info.getStackTrace().length > 0
                && !info.getStackTrace()[0].isNativeMethod();
            if (last == null || !mayCompute || waits != last.waits()) {
                busy.put(id, new Busy(cpu, cpu, waits, 0));
                continue;
            }
            Busy seen = new Busy(last.first(), cpu, waits, cpu > last.cpu() ? last.looks() + 1 : last.looks());
            busy.put(id, seen);
            if (seen.looks() >= BUSY_LOOKS && cpu - seen.first() >= BUSY_NANOS) {
                endless = id;
                throw new StepException(endless(info), null);
            }
        }
    }

    /**
     * What still runs away although the bundles that brought it are gone, to go behind "because"; empty if nothing does. Takes a
     * moment if there was something.
     */
    String runaway() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long cpu = endless < 0 ? -1 : threads.getThreadCpuTime(endless);
        try {
            for (int look = 0; cpu >= 0 && look < STILL_LOOKS; look++) {
                BundleControl.pause(LOOK_MILLIS);
                if (threads.getThreadCpuTime(endless) - cpu > STILL_BUSY_NANOS) {
                    return endless(threads.getThreadInfo(endless, Integer.MAX_VALUE)).replaceAll("\\.$", "")
                        + ", and cannot be stopped";
                }
            }
        } catch (StepException e) {
            return "";
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
