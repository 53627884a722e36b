// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.client;

import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The selector thread. A round takes in what other threads have left, serves the channels that are ready, sends what has
 * gathered (one write for each connection), and now and then looks for deadlines that have passed.
 */
final class EventLoop implements Loop {
    private static final Logger LOG = LoggerFactory.getLogger(EventLoop.class);
    private static final int MAX_INBOX = 1 << 16;
    private static final long SWEEP_INTERVAL = TimeUnit.MILLISECONDS.toNanos(5);
    /** So long the thread looks for answers without sleeping, in ns, ... */
    private static final long SPIN = 50_000;
    /** ... after so many rounds in a row in which the wait was over ... */
    private static final int SPIN_AFTER = 16;
    /** ... within this time, in ns. */
    private static final long HASTE = 120_000;
    /** A look that takes so long, in ns, means that the processor was taken away; then it sleeps for so many rounds. */
    private static final long SHARED = 200_000;
    private static final int SHARED_ROUNDS = 5_000;
    private static final long STOP_MILLIS = 2_000;
    private static final long FAULT_PAUSE_MILLIS = 1_000;

    private final Object lock = new Object();
    private ArrayDeque<Runnable> inbox = new ArrayDeque<>(); // guarded by lock
    private boolean closed; // guarded by lock
    private volatile boolean hasInbox; // written under lock

    private final Selector selector;
    private final Thread thread;
    // From here on only the loop's own thread.
    private ArrayDeque<Runnable> spare = new ArrayDeque<>();
    private final List<Connection> connections = new ArrayList<>();
    private final ArrayDeque<Connection> unsent = new ArrayDeque<>();
    private long now = System.nanoTime();
    private long nextSweep;
    private boolean sweepPlanned;
    /** Rounds in a row whose wait was very short. */
    private int haste;
    private final Consumer<SelectionKey> ready = this::ready;

    EventLoop(String threadName) throws IOException {
        selector = Selector.open();
        thread = new Thread(this::run, threadName);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public boolean inLoop() {
        return Thread.currentThread() == thread;
    }

    @Override
    public boolean execute(Runnable task) {
        boolean wake;
        synchronized (lock) {
            if (closed || inbox.size() >= MAX_INBOX) {
                return false;
            }
            wake = inbox.isEmpty();
            inbox.add(task);
            hasInbox = true;
        }
        // Whoever finds tasks waiting knows that the wake-up is on its way.
        if (wake) {
            selector.wakeup();
        }
        return true;
    }

    /** Ends the loop when what is waiting has run. Waits for it, at most two seconds. */
    void close() {
        synchronized (lock) {
            closed = true;
            hasInbox = true;
        }
        selector.wakeup();
        if (inLoop()) {
            return;
        }
        try {
            thread.join(STOP_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            LOG.warn("The thread {} has not ended within {} ms", thread.getName(), STOP_MILLIS);
        }
    }

    private void run() {
        boolean running = true;
        while (running) {
            try {
                running = round();
            } catch (IOException | RuntimeException | Error e) {
                // The only thread of all devices: it goes on, whatever happened to one of them.
                LOG.error("A fault in the Modbus client; it goes on: {}", e.toString(), e);
                pause();
            }
        }
        try {
            selector.close();
        } catch (IOException e) {
            LOG.debug("Closing the selector failed: {}", e.toString());
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(FAULT_PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean round() throws IOException {
        select();
        now = System.nanoTime();
        boolean open = drainInbox();
        send();
        if (sweepPlanned && now - nextSweep >= 0) {
            sweep();
            send();
        }
        return open;
    }

    private void select() throws IOException {
        long begun = System.nanoTime();
        long wait = unsent.isEmpty() ? sweepPlanned ? nextSweep - begun : Long.MAX_VALUE : 0;
        if (wait <= 0) {
            selector.selectNow(ready);
            return;
        }
        if (haste >= SPIN_AFTER && spin(begun)) {
            return;
        }
        if (wait == Long.MAX_VALUE) {
            selector.select(ready);
        } else {
            selector.select(ready, TimeUnit.NANOSECONDS.toMillis(wait) + 1);
        }
        haste = haste < 0 || System.nanoTime() - begun < HASTE ? haste + 1 : 0;
    }

    /**
     * Waits a few microseconds without giving the processor away. Going to sleep and being woken takes longer than an answer
     * over the loopback or from a device near by; for others the thread never comes here.
     */
    private boolean spin(long begun) throws IOException {
        long last = begun;
        do {
            if (selector.selectNow(ready) > 0 || hasInbox) {
                return true;
            }
            Thread.yield();
            long then = System.nanoTime();
            if (then - last > SHARED) {
                // Somebody else needs this processor: whoever sleeps is served sooner than whoever spins.
                haste = -SHARED_ROUNDS;
                return false;
            }
            last = then;
        } while (last - begun < SPIN);
        haste = 0;
        return false;
    }

    private void ready(SelectionKey key) {
        Connection connection = (Connection) key.attachment();
        try {
            now = System.nanoTime();
            connection.ready(key);
        } catch (CancelledKeyException e) {
            LOG.debug("A connection was closed while it became ready");
        }
    }

    private boolean drainInbox() {
        ArrayDeque<Runnable> tasks;
        boolean open;
        synchronized (lock) {
            tasks = inbox;
            inbox = spare;
            hasInbox = false;
            open = !closed;
        }
        spare = tasks;
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                LOG.error("A fault in the Modbus client; it goes on: {}", e.toString(), e);
            }
        }
        return open;
    }

    private void send() {
        // Who asks again at once for each failure comes in the next round: others are served in between.
        for (int count = unsent.size(); count > 0; count--) {
            unsent.remove().send();
        }
    }

    private void sweep() {
        sweepPlanned = false;
        // By index: a handler may close connections, which removes them.
        for (int i = connections.size() - 1; i >= 0; i--) {
            if (i < connections.size()) {
                connections.get(i).sweep(now);
            }
        }
    }

    // What follows is for connections, on the loop's thread.

    /** The time of this round, as {@link System#nanoTime}. */
    long now() {
        return now;
    }

    Selector selector() {
        return selector;
    }

    void add(Connection connection) {
        connections.add(connection);
    }

    void remove(Connection connection) {
        connections.remove(connection);
    }

    /** {@link Connection#send} will be called before the thread waits again. */
    void sendLater(Connection connection) {
        unsent.add(connection);
    }

    /** {@link Connection#sweep} will be called soon after that time, or earlier. */
    void wakeAt(long deadline) {
        long earliest = now + SWEEP_INTERVAL;
        long at = deadline - earliest > 0 ? deadline : earliest;
        if (!sweepPlanned || at - nextSweep < 0) {
            nextSweep = at;
            sweepPlanned = true;
        }
    }
}
