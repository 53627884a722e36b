// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio.polled;

import edge.api.device.LinkState;
import edge.api.device.LinkState.Phase;
import edge.api.device.Quality;
import edge.api.device.Quality.Reason;
import edge.api.device.Reading;
import edge.api.value.Value;
import edge.drivers.gpio.Backoff;
import edge.drivers.gpio.SerialExecutor;
import edge.drivers.gpio.kernel.KernelException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledFuture;

/**
 * Keeps the bus of one polled device open. Device's thread, but for {@link #state()}.
 *
 * <p>A bus that does not open, or is gone, is opened again with back-off. A chip that does not answer is asked again by the
 * next scan: the bus itself is well, and other chips on it have devices of their own.
 */
final class PolledLink<B extends AutoCloseable> {

    /** What the link tells its device. */
    interface Owner {
        void connected();

        /** Once for each loss. */
        void disconnected(String reason);
    }

    private final PolledDevice.Opener<B> opener;
    private final SerialExecutor executor;
    private final Backoff backoff;
    private final Owner owner;
    private B bus;
    private ScheduledFuture<?> retry;
    private boolean closed;
    private volatile LinkState state = new LinkState(Phase.CONNECTING, Instant.now(), "opening the bus");

    PolledLink(PolledDevice.Opener<B> opener, SerialExecutor executor, Backoff backoff, Owner owner) {
        this.opener = opener;
        this.executor = executor;
        this.backoff = backoff;
        this.owner = owner;
    }

    LinkState state() {
        return state;
    }

    void connect() {
        if (closed) {
            return;
        }
        try {
            bus = opener.open();
        } catch (IOException e) {
            lose(e);
            return;
        }
        backoff.reset();
        answered();
    }

    /** Reads some cells. As soon as the chip is silent the rest is not asked: each question may cost the bus a second. */
    List<Reading> read(List<Cell<B>> cells) {
        List<Reading> readings = new ArrayList<>(cells.size());
        Quality silent = bus == null ? quality() : null;
        for (Cell<B> cell : cells) {
            if (silent != null) {
                readings.add(bad(cell, silent));
                continue;
            }
            try {
                Value value = cell.read(bus);
                answered();
                readings.add(new Reading(cell.tag(), value, Quality.GOOD, Instant.now()));
            } catch (IOException e) {
                Quality quality = failed(e);
                readings.add(bad(cell, quality));
                if (quality.reason() != Reason.REJECTED) {
                    silent = quality;
                }
            }
        }
        return readings;
    }

    private static <B> Reading bad(Cell<B> cell, Quality quality) {
        return new Reading(cell.tag(), Value.NONE, quality, Instant.now());
    }

    private Quality quality() {
        return closed ? Quality.bad(Reason.PAUSED, SerialExecutor.SWITCHED_OFF)
            : Quality.bad(Reason.NOT_CONNECTED, state.detail());
    }

    void write(Cell<B> cell, Value value) throws IOException {
        if (bus == null) {
            throw new IOException(state.detail());
        }
        try {
            cell.write(bus, value);
            answered();
        } catch (IOException e) {
            failed(e);
            throw e;
        }
    }

    private void answered() {
        if (state.phase() != Phase.CONNECTED) {
            state = new LinkState(Phase.CONNECTED, Instant.now(), "");
            owner.connected();
        }
    }

    private Quality failed(IOException e) {
        if (e instanceof KernelException kernel && kernel.isSilent()) {
            silent(kernel);
            return Quality.bad(Reason.TIMEOUT, e.getMessage());
        }
        if (e instanceof KernelException kernel && !kernel.isGone()) {
            return Quality.bad(Reason.REJECTED, e.getMessage());
        }
        lose(e);
        return quality();
    }

    private void silent(KernelException cause) {
        if (state.phase() != Phase.DISCONNECTED) {
            state = new LinkState(Phase.DISCONNECTED, Instant.now(), cause.getMessage() + "; asked again by each scan");
            owner.disconnected(cause.getMessage());
        }
    }

    private void lose(IOException cause) {
        boolean first = state.phase() != Phase.DISCONNECTED;
        closeBus();
        long wait = backoff.nextMillis();
        state = new LinkState(Phase.DISCONNECTED, first ? Instant.now() : state.since(), cause.getMessage()
            + "; next attempt in " + Math.max(1, Math.round(wait / 1000.0)) + " s");
        retry = executor.later(wait, this::connect);
        if (first) {
            owner.disconnected(cause.getMessage());
        }
    }

    private void closeBus() {
        if (bus == null) {
            return;
        }
        try {
            bus.close();
        } catch (Exception e) {
            throw new IllegalStateException("a bus must close without a complaint", e);
        } finally {
            bus = null;
        }
    }

    /** Lets the bus go, for ever. */
    void close() {
        closed = true;
        if (retry != null) {
            retry.cancel(false);
        }
        state = new LinkState(Phase.DISCONNECTED, Instant.now(), SerialExecutor.SWITCHED_OFF);
        closeBus();
    }
}
