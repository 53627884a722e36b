// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio;

import edge.api.device.LinkState;
import edge.api.device.LinkState.Phase;
import edge.api.device.Quality;
import edge.api.device.Reading;
import edge.api.value.Value;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Keeps the lines of one device claimed: claims them, reads all levels once a second so that a chip that went away and an
 * edge that was missed are found, and claims them again with back-off. Runs on the device's thread, but for
 * {@link #state()}, {@link #lostEdges()} and the arrival of edges.
 */
final class GpioLink {

    private static final int QUEUED_EDGES = 1024;
    private static final long CHECK_MILLIS = 1000;

    /** Claims the lines. */
    @FunctionalInterface
    interface Opener {
        Head open(Head.Listener listener) throws HeadException;
    }

    /** What the link tells its device, on the device's thread. */
    interface Owner {
        void connected();

        /** Once for each loss, not for each attempt. */
        void disconnected(String reason);

        /** Once for each overflow. */
        void edgesLost(long total);
    }

    private record Edge(int index, boolean level, Instant time) {
    }

    private final Opener opener;
    private final Owner owner;
    private final SerialExecutor executor;
    private final Backoff backoff;
    private final List<LineState> lines = new ArrayList<>();
    private final Consumer<List<Reading>> publish;
    private final ArrayBlockingQueue<Edge> edges = new ArrayBlockingQueue<>(QUEUED_EDGES);
    private final AtomicBoolean draining = new AtomicBoolean();
    private final AtomicLong lost = new AtomicLong();
    private long lostReported;
    private Head head;
    private ScheduledFuture<?> planned;
    private boolean closed;
    private volatile LinkState state = new LinkState(Phase.CONNECTING, Instant.now(), "claiming the lines");

    GpioLink(List<LineConfig> configs, Opener opener, SerialExecutor executor, Backoff backoff, Owner owner,
             Consumer<List<Reading>> publish) {
        this.opener = opener;
        this.owner = owner;
        this.executor = executor;
        this.backoff = backoff;
        this.publish = publish;
        for (LineConfig config : configs) {
            lines.add(new LineState(config, executor, reading -> publish.accept(List.of(reading))));
        }
    }

    LinkState state() {
        return state;
    }

    long lostEdges() {
        return lost.get();
    }

    void connect() {
        if (closed) {
            return;
        }
        try {
            head = opener.open(this::edge);
            for (int i = 0; i < lines.size(); i++) {
                start(i);
            }
        } catch (HeadException e) {
            fail(e);
            return;
        }
        backoff.reset();
        state = new LinkState(Phase.CONNECTED, Instant.now(), "");
        planned = executor.every(CHECK_MILLIS, this::check);
        owner.connected();
        publish.accept(current());
    }

    private void start(int index) throws HeadException {
        LineState line = lines.get(index);
        line.start(value(index), () -> {
            try {
                head.pull(index, !head.level(index));
            } catch (HeadException e) {
                fail(e);
            }
        });
    }

    private boolean value(int index) throws HeadException {
        return lines.get(index).config().flip(head.level(index));
    }

    private void edge(int index, boolean level, Instant time) {
        if (!edges.offer(new Edge(index, level, time))) {
            lost.incrementAndGet();
        }
        if (draining.compareAndSet(false, true) && !executor.run(this::drain)) {
            draining.set(false);
        }
    }

    private void drain() {
        draining.set(false);
        for (Edge edge = edges.poll(); edge != null; edge = edges.poll()) {
            LineState line = lines.get(edge.index());
            line.changed(line.config().flip(edge.level()), edge.time());
        }
        long total = lost.get();
        if (total != lostReported) {
            lostReported = total;
            owner.edgesLost(total);
            compareLevels();
        }
    }

    private void check() {
        drain();
        compareLevels();
    }

    private void compareLevels() {
        if (head == null) {
            return;
        }
        try {
            for (int i = 0; i < lines.size(); i++) {
                boolean now = value(i);
                if (!lines.get(i).isSettling()) {
                    lines.get(i).changed(now, Instant.now());
                }
            }
        } catch (HeadException e) {
            fail(e);
        }
    }

    /** Reads lines. A failure ends the connection and makes the readings BAD. */
    List<Reading> read(int[] indexes) {
        List<Reading> readings = new ArrayList<>(indexes.length);
        for (int index : indexes) {
            readings.add(read(index));
        }
        return readings;
    }

    private Reading read(int index) {
        LineState line = lines.get(index);
        if (head != null) {
            try {
                return new Reading(line.tag(), Value.of(value(index)), Quality.GOOD, Instant.now());
            } catch (HeadException e) {
                fail(e);
            }
        }
        return new Reading(line.tag(), Value.NONE,
            Quality.bad(closed ? Quality.Reason.PAUSED : Quality.Reason.NOT_CONNECTED,
                closed ? GpioDevice.SWITCHED_OFF : state.detail()), Instant.now());
    }

    /** Drives an output. A failure ends the connection. */
    void write(int index, boolean value) throws HeadException {
        if (head == null) {
            throw new HeadException(state.detail());
        }
        LineState line = lines.get(index);
        try {
            head.drive(index, line.config().flip(value));
        } catch (HeadException e) {
            fail(e);
            throw e;
        }
        line.written(value);
    }

    /** The lines that report by themselves, as they are now. */
    List<Reading> current() {
        List<Reading> readings = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            LineState line = lines.get(i);
            if (line.config().reportsByItself()) {
                readings.add(head != null ? line.reading() : read(i));
            }
        }
        return readings;
    }

    private void fail(HeadException cause) {
        boolean first = state.phase() != Phase.DISCONNECTED;
        Instant since = first ? Instant.now() : state.since();
        letGo();
        long wait = backoff.nextMillis();
        state = new LinkState(Phase.DISCONNECTED, since, cause.getMessage() + "; next attempt in "
            + Math.max(1, Math.round(wait / 1000.0)) + " s");
        planned = executor.later(wait, this::connect);
        if (first) {
            owner.disconnected(cause.getMessage());
            publish.accept(current());
        }
    }

    private void letGo() {
        if (planned != null) {
            planned.cancel(false);
        }
        lines.forEach(LineState::stop);
        if (head != null) {
            head.close();
            head = null;
        }
        edges.clear();
    }

    /** Pulls a simulated input. */
    void simulate(int index, boolean... levels) {
        for (boolean level : levels) {
            head.pull(index, level);
        }
    }

    /** Gives the lines back, for ever. */
    void close() {
        closed = true;
        letGo();
        state = new LinkState(Phase.DISCONNECTED, Instant.now(), GpioDevice.SWITCHED_OFF);
    }
}
