// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.core;

import edge.api.gateway.GatewayClock;
import edge.api.health.HealthCheck;
import edge.api.health.HealthReport;
import edge.api.journal.Cursor;
import edge.api.journal.Cursor.Backlog;
import edge.api.journal.Journal;
import edge.api.journal.JournalException;
import edge.api.uplink.Encoder;
import edge.api.uplink.Uplink;
import edge.api.uplink.UplinkStatus;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drives one uplink on a thread of its own, {@code edge-uplink-NAME}: owns its cursor, opens it again with back-off for as
 * long as it is there, and ends in bounded time. The mark in the journal outlives it.
 */
final class Pump implements HealthCheck {

    private static final Logger LOG = LoggerFactory.getLogger(Pump.class);
    private static final Backlog UNKNOWN = new Backlog(0, 0);
    private static final long LOOK_AROUND = Duration.ofSeconds(10).toNanos();
    private static final Duration STOPPING = Duration.ofSeconds(8);
    private static final Duration STOPPING_HARD = Duration.ofSeconds(2);

    private final Uplink uplink;
    private final String name;
    private final Journal journal;
    private final GatewayClock clock;
    private final Function<String, Optional<Encoder>> encoders;
    private final Limits limits;
    private final Inbox inbox = new Inbox();
    private final UplinkState state;
    private final Backoff backoff;
    private final Thread thread;
    private volatile boolean stopping;
    private volatile boolean paused;
    /** Null until it is open. */
    private volatile Cursor cursor;
    private boolean retryNow;

    Pump(Uplink uplink, Journal journal, GatewayClock clock, Function<String, Optional<Encoder>> encoders,
        Announcer announcer, Limits limits, boolean paused) {
        this.uplink = uplink;
        this.name = uplink.name();
        this.journal = journal;
        this.clock = clock;
        this.encoders = encoders;
        this.limits = limits;
        this.paused = paused;
        this.state = new UplinkState(name, uplink.address(), clock, announcer);
        this.backoff = new Backoff(limits.firstDelay(), limits.longestDelay());
        this.thread = new Thread(this::run, "edge-uplink-" + name);
    }

    String name() {
        return name;
    }

    void start() {
        thread.start();
    }

    void pause(boolean pause) {
        paused = pause;
        inbox.wake();
    }

    /** Something that it may have been waiting for has changed: the next attempt is now. */
    void retryNow() {
        inbox.post(() -> retryNow = true);
    }

    void tellToStop() {
        stopping = true;
        inbox.wake();
    }

    /** After {@link #tellToStop}: waits, in bounded time, until its thread is gone. */
    void awaitEnd() {
        try {
            thread.join(STOPPING.toMillis());
            if (thread.isAlive()) {
                thread.interrupt();
                thread.join(STOPPING_HARD.toMillis());
            }
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            LOG.error("uplink {}: {} does not let go of its thread {}; restart the gateway if it stays so", name,
                uplink.getClass().getName(), thread.getName());
        }
    }

    UplinkStatus status() {
        Cursor open = cursor;
        return state.status(open == null ? UNKNOWN : open.backlog());
    }

    @Override
    public String subject() {
        return "uplink " + name;
    }

    @Override
    public HealthReport check() {
        return state.health();
    }

    private void run() {
        try {
            RecordSource source = null;
            while (!stopping) {
                if (paused) {
                    state.paused();
                    while (paused && !stopping) {
                        inbox.await(System.nanoTime() + LOOK_AROUND);
                    }
                    continue;
                }
                if (source == null) {
                    source = openCursor();
                }
                if (source != null) {
                    connect(source);
                }
            }
        } catch (InterruptedException e) {
            LOG.warn("uplink {}: its thread was told to end at once", name);
        } finally {
            Cursor open = cursor;
            if (open != null) {
                open.close();
            }
        }
    }

    /** @return null if it cannot be opened now */
    private RecordSource openCursor() throws InterruptedException {
        try {
            cursor = journal.open(name, uplink.selection());
            return new RecordSource(cursor, inbox);
        } catch (JournalException e) {
            backOff(Trouble.of(e));
        } catch (IllegalStateException e) {
            backOff(new Trouble("Another uplink of the name " + name + " is running", "Give one of them another name",
                true));
        } catch (RuntimeException e) {
            backOff(Trouble.of(e));
        }
        return null;
    }

    private void connect(RecordSource source) throws InterruptedException {
        Optional<Encoder> encoder = encoders.apply(uplink.encoder());
        if (encoder.isEmpty()) {
            backOff(new Trouble("There is no encoder '" + uplink.encoder() + "' in this gateway",
                "Name another one in the configuration, or install the bundle that has it", true));
            return;
        }
        Optional<Trouble> trouble = new Session(uplink, encoder.get(), source, clock, inbox, state, backoff, limits,
            () -> stopping || paused).run();
        if (trouble.isPresent() && !stopping && !paused) {
            backOff(trouble.get());
        }
    }

    private void backOff(Trouble trouble) throws InterruptedException {
        Duration wait = backoff.next();
        state.backingOff(trouble, wait);
        retryNow = false;
        long until = System.nanoTime() + wait.toNanos();
        while (!stopping && !paused && !retryNow && System.nanoTime() - until < 0) {
            inbox.await(until);
        }
    }
}
