// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.client;

import edge.api.device.LinkState;
import edge.api.device.Quality.Reason;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One serial port and the units on it: a thread of its own, {@code edge-modbus-PORT}, asks one after the other, opens the port
 * and opens it again with growing pauses when it is lost. What differs between users of a port is refused to all but the first.
 */
final class SerialBus implements Line, Loop {
    private static final Logger LOG = LoggerFactory.getLogger(SerialBus.class);
    private static final int MAX_INBOX = 1 << 14;
    private static final long STOP_MILLIS = 3_000;

    private final String port;
    private final SerialPort.Opener opener;
    private final Thread thread;
    private final Object lock = new Object();
    private final ArrayDeque<Runnable> inbox = new ArrayDeque<>(); // guarded by lock
    private int uses = 1; // guarded by lock
    private boolean ended; // guarded by lock

    // From here on only the bus's own thread.
    private final Map<Link, SerialLine> users = new LinkedHashMap<>();
    private final Breakers breakers = new Breakers();
    private final CallQueue queue = new CallQueue(breakers);
    private SerialLine line;
    private SerialTransactions open;
    private LinkState published = new LinkState(LinkState.Phase.CONNECTING, Instant.now(), "");
    private Failure whyNotOpen = Failure.PAUSED;
    private long openAgain = System.nanoTime();
    private int failures;

    /** Starts the thread; the bus ends with its last link. The caller has the first use of it already. */
    SerialBus(Endpoint.Serial endpoint, SerialPort.Opener opener) {
        this.port = endpoint.port();
        this.opener = opener;
        thread = new Thread(this::run, "edge-modbus-" + port.substring(port.lastIndexOf('/') + 1));
        thread.setDaemon(true);
        thread.start();
    }

    /** @return false if it has ended already */
    boolean take() {
        synchronized (lock) {
            if (ended) {
                return false;
            }
            uses++;
            return true;
        }
    }

    /** A link, for a use that was taken. */
    Link open(SerialLine wanted, LinkSettings settings, Consumer<LinkState> listener) {
        Link link = new Link(this, settings, listener, Link::leave);
        execute(() -> {
            users.put(link, wanted);
            link.attach(this);
        });
        return link;
    }

    /** Ends the bus whoever uses it. Waits for its thread, at most three seconds. */
    void close() {
        execute(() -> {
            for (Link link : users.keySet().toArray(Link[]::new)) {
                link.close();
            }
        });
        synchronized (lock) {
            ended = true;
            lock.notifyAll();
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

    @Override
    public boolean inLoop() {
        return Thread.currentThread() == thread;
    }

    @Override
    public boolean execute(Runnable task) {
        synchronized (lock) {
            if (ended || inbox.size() >= MAX_INBOX) {
                return false;
            }
            inbox.add(task);
            lock.notifyAll();
            return true;
        }
    }

    // ----------------------------------------------------------------------------------------------------- the thread

    private void run() {
        boolean running = true;
        while (running) {
            try {
                running = round();
            } catch (InterruptedException e) {
                // Nobody interrupts this thread for good: it ends when its last user does.
                LOG.debug("{}: interrupted", port);
            } catch (RuntimeException | Error e) {
                LOG.error("{}: a fault in the Modbus client; it goes on: {}", port, e.toString(), e);
            }
        }
        if (open != null) {
            open.close();
        }
    }

    private boolean round() throws InterruptedException {
        Runnable task = nextTask();
        if (task != null) {
            task.run();
            return true;
        }
        synchronized (lock) {
            if (ended) {
                return false;
            }
        }
        if (open == null && System.nanoTime() - openAgain >= 0) {
            openPort();
        }
        serve();
        return true;
    }

    /** The next task; null if there is other work to do. */
    private Runnable nextTask() throws InterruptedException {
        synchronized (lock) {
            while (inbox.isEmpty() && !ended && queue.isEmpty()) {
                if (open != null || users.isEmpty()) {
                    lock.wait();
                } else {
                    long millis = TimeUnit.NANOSECONDS.toMillis(openAgain - System.nanoTime());
                    if (millis <= 0) {
                        return null;
                    }
                    lock.wait(millis);
                }
            }
            return inbox.poll();
        }
    }

    private void openPort() {
        if (users.isEmpty()) {
            return;
        }
        publish(LinkState.Phase.CONNECTING, failures == 0 ? "" : whyNotOpen.text());
        try {
            open = new SerialTransactions(opener.open(port, line), line, breakers);
            failures = 0;
            publish(LinkState.Phase.CONNECTED, "");
        } catch (IOException e) {
            lost(e.getMessage());
        }
    }

    private void lost(String why) {
        LOG.debug("{}: {}", port, why);
        if (open != null) {
            open.close();
            open = null;
        }
        failures++;
        LinkSettings settings = users.keySet().stream().map(Link::settings).reduce(LinkSettings::gentler)
            .orElse(LinkSettings.DEFAULT);
        long nanos = Backoff.nanos(failures, settings.reconnectMin().toNanos(), settings.reconnectMax().toNanos());
        openAgain = System.nanoTime() + nanos;
        String text = why + "; attempt " + (failures + 1) + " at "
            + Instant.now().plusNanos(nanos).truncatedTo(ChronoUnit.MILLIS);
        whyNotOpen = Failure.of(Reason.NOT_CONNECTED, text);
        publish(LinkState.Phase.DISCONNECTED, text);
    }

    private void serve() {
        if (open == null) {
            Call.fail(queue.takeAll(), whyNotOpen);
            return;
        }
        long now = System.nanoTime();
        queue.skip(queue.takeRefused(now), now);
        Call call = queue.next();
        if (call == null) {
            return;
        }
        try {
            open.transact(call);
        } catch (IOException e) {
            lost(e.getMessage());
            call.fail(whyNotOpen);
        }
    }

    // -------------------------------------------------------------------------------------------------------- its users

    @Override
    public void add(Link link) {
        if (line == null) {
            line = users.get(link);
        }
        publish(link);
    }

    @Override
    public boolean remove(Link link) {
        users.remove(link);
        List<Call> gone = queue.take(call -> call.link == link);
        users.values().stream().findFirst().filter(first -> !first.equals(line)).ifPresent(first -> {
            line = first;
            if (open != null) {
                open.close();
                open = null;
            }
            openAgain = System.nanoTime();
            users.keySet().forEach(this::publish);
        });
        Call.fail(gone, Failure.PAUSED);
        synchronized (lock) {
            uses--;
            ended |= uses == 0;
            return ended;
        }
    }

    @Override
    public void offer(Call call) {
        Failure refused = users.get(call.link).equals(line) ? queue.add(call, call.link.settings().maxQueued())
            : Failure.of(Reason.NOT_CONNECTED, differs(call.link));
        if (refused != null) {
            call.fail(refused);
        }
    }

    private String differs(Link link) {
        return port + " is in use as " + line + ", and this device wants " + users.get(link)
            + "; give all devices on a port the same settings";
    }

    private void publish(LinkState.Phase phase, String detail) {
        boolean same = phase == LinkState.Phase.CONNECTED == (published.phase() == LinkState.Phase.CONNECTED);
        published = new LinkState(phase, same ? published.since() : Instant.now(), detail);
        List.copyOf(users.keySet()).forEach(this::publish);
    }

    private void publish(Link link) {
        link.publish(users.get(link).equals(line) ? published
            : new LinkState(LinkState.Phase.DISCONNECTED, published.since(), differs(link)));
    }
}
