// SPDX-License-Identifier: Apache-2.0
package edge.broker.base;

import io.netty.util.concurrent.EventExecutor;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread of the broker: it reads and writes every connection, routes every message and owns every session, so that a
 * message goes from its publisher to its subscribers without changing threads. What is only touched here needs no lock.
 *
 * <p>Other threads hand messages over through a queue that is bounded by number and bytes. It takes them before the network
 * is there, and runs them when it is.
 */
public final class Loop implements Executor {

    private static final Logger LOG = LoggerFactory.getLogger(Loop.class);

    private static final int MAX_MESSAGES = 16_384;
    private static final long MAX_BYTES = 16L << 20;
    /** So many messages of other threads are routed before connections get their turn. */
    private static final int SHARE = 64;

    private record Message(Runnable routing, int bytes) {
    }

    private final Queue<Message> messages = new ConcurrentLinkedQueue<>();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private volatile EventExecutor thread;
    private volatile boolean routing;
    private volatile boolean ended;

    /** The thread is there: what the loop itself asks for is run. */
    public void attach(EventExecutor executor) {
        thread = executor;
    }

    /** From now on messages are routed. */
    public void begin() {
        routing = true;
        schedule();
    }

    /**
     * Routes a message, in the order of the calls of one thread.
     *
     * @param size about how much memory it holds until then
     * @return false if there is no room, or the loop has ended
     */
    public boolean route(Runnable routing, int size) {
        if (ended || count.get() >= MAX_MESSAGES || bytes.get() >= MAX_BYTES) {
            return false;
        }
        count.incrementAndGet();
        bytes.addAndGet(size);
        messages.add(new Message(routing, size));
        schedule();
        return true;
    }

    private void schedule() {
        EventExecutor known = thread;
        if (routing && !messages.isEmpty() && scheduled.compareAndSet(false, true)) {
            try {
                known.execute(this::routeSome);
            } catch (RejectedExecutionException e) {
                LOG.debug("The loop has ended", e);
            }
        }
    }

    private void routeSome() {
        scheduled.set(false);
        for (int i = 0; i < SHARE; i++) {
            Message next = messages.poll();
            if (next == null) {
                return;
            }
            count.decrementAndGet();
            bytes.addAndGet(-next.bytes());
            try {
                next.routing().run();
            } catch (RuntimeException | StackOverflowError e) {
                LOG.error("Routing a message failed; the loop goes on", e);
            }
        }
        schedule();
    }

    /** Whether this is the loop's thread. */
    public boolean isCurrentThread() {
        EventExecutor known = thread;
        return known != null && known.inEventLoop();
    }

    /** Runs what the loop itself has asked for; nothing once it has ended. */
    @Override
    public void execute(Runnable action) {
        EventExecutor known = thread;
        if (known == null || ended) {
            return;
        }
        try {
            known.execute(() -> {
                try {
                    action.run();
                } catch (RuntimeException | StackOverflowError e) {
                    LOG.error("A task of the loop failed; the loop goes on", e);
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("The loop has ended", e);
        }
    }

    /** Takes nothing from now on. */
    public void end() {
        ended = true;
        messages.clear();
    }
}
