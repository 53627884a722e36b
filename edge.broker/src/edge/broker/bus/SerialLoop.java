// SPDX-License-Identifier: Apache-2.0
package edge.broker.bus;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The session loop: one thread that runs tasks one after the other. What is only touched here needs no lock.
 *
 * <p>Two kinds of tasks share the one queue, so that they keep their order: messages to route, bounded by number and bytes,
 * and commands of sessions, which have room left when messages are refused already. A task that throws ends nothing but
 * itself.
 */
public final class SerialLoop {

    private static final Logger LOG = LoggerFactory.getLogger(SerialLoop.class);

    private static final int MAX_TASKS = 65_536;
    private static final int MAX_MESSAGES = 16_384;
    private static final long MAX_WEIGHT = 16L << 20;
    /** From here on readers are asked to pause, long before anything must be refused. */
    private static final int BUSY_TASKS = 2_048;
    private static final long BUSY_WEIGHT = 4L << 20;

    private record Task(Runnable action, int weight) {
    }

    private final LinkedBlockingQueue<Task> tasks = new LinkedBlockingQueue<>(MAX_TASKS);
    private final AtomicLong weight = new AtomicLong();
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    private final Thread thread;
    private volatile boolean stopping;

    public SerialLoop(String name) {
        thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    /**
     * Runs a message's routing.
     *
     * @param bytes about how much memory it holds until it has run
     * @return false if there is no room
     */
    public boolean route(Runnable action, int bytes) {
        if (stopping || tasks.size() >= MAX_MESSAGES || weight.get() >= MAX_WEIGHT) {
            return false;
        }
        weight.addAndGet(bytes);
        if (tasks.offer(new Task(action, bytes))) {
            return true;
        }
        weight.addAndGet(-bytes);
        return false;
    }

    /** Runs a session's command. False if there is no room, or the loop has ended. */
    public boolean command(Runnable action) {
        return !stopping && tasks.offer(new Task(action, 0));
    }

    public boolean isCurrentThread() {
        return Thread.currentThread() == thread;
    }

    public boolean hasEnded() {
        return stopping;
    }

    /** Whether publishers should be slowed down. */
    public boolean isBusy() {
        return tasks.size() >= BUSY_TASKS || weight.get() >= BUSY_WEIGHT;
    }

    /** Runs the action once, on any thread, as soon as the loop is not busy any more. */
    public void whenRelieved(Runnable action) {
        waiting.add(action);
        relieve();
    }

    private void relieve() {
        while (!waiting.isEmpty() && tasks.size() < BUSY_TASKS / 2 && weight.get() < BUSY_WEIGHT / 2) {
            Runnable next = waiting.poll();
            if (next != null) {
                runSafely(next);
            }
        }
    }

    private void run() {
        while (!stopping) {
            try {
                Task task = tasks.take();
                runSafely(task.action());
                weight.addAndGet(-task.weight());
                relieve();
            } catch (InterruptedException e) {
                // Only stop() ends the loop; a stray interrupt by a listener must not.
                LOG.debug("interrupted", e);
            }
        }
    }

    private static void runSafely(Runnable action) {
        try {
            action.run();
        } catch (Throwable e) {
            // Errors too: without this thread no message would be routed any more.
            LOG.error("A task of the session loop failed; the loop goes on", e);
        }
    }

    /** Ends the loop after the task that is running; what waits is not run. Waits at most two seconds. */
    public void stop() {
        stopping = true;
        thread.interrupt();
        if (isCurrentThread()) {
            return;
        }
        try {
            thread.join(TimeUnit.SECONDS.toMillis(2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        tasks.clear();
        waiting.clear();
    }
}
