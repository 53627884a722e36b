// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio;

import edge.api.device.LinkState;
import edge.api.device.LinkState.Phase;
import edge.api.device.Quality;
import edge.api.device.Reading;
import edge.api.value.Value;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;

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
        Head open() throws HeadException;
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
    private final Lines lines;
    private final List<Point> points;
    private final Supplier<Duration> uplinksLost;
    private final Consumer<List<Reading>> publish;
    private final ArrayBlockingQueue<Edge> edges = new ArrayBlockingQueue<>(QUEUED_EDGES);
    private final AtomicBoolean draining = new AtomicBoolean();
    private final AtomicLong lost = new AtomicLong();
    private long lostReported;
    private Head head;
    private ScheduledFuture<?> planned;
    private boolean closed;
    private volatile LinkState state = new LinkState(Phase.CONNECTING, Instant.now(), "claiming the lines");

    GpioLink(Lines lines, List<Point> points, Opener opener, SerialExecutor executor, Backoff backoff,
             Supplier<Duration> uplinksLost, Owner owner, Consumer<List<Reading>> publish) {
        this.lines = lines;
        this.points = points;
        this.opener = opener;
        this.executor = executor;
        this.backoff = backoff;
        this.uplinksLost = uplinksLost;
        this.owner = owner;
        this.publish = publish;
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
            head = opener.open();
            head.listen(new Edges(head.isExact()));
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
        lines.get(index).start(value(index), head.isExact(), () -> {
            try {
                head.pull(index, !head.level(index));
            } catch (HeadException e) {
                fail(e);
            }
        });
    }

    private boolean value(int index) throws HeadException {
        return lines.config(index).flip(head.level(index));
    }

    /** Takes the edges of one head, on any thread. */
    private final class Edges implements Head.Listener {
        private final boolean exact;

        private Edges(boolean exact) {
            this.exact = exact;
        }

        @Override
        public void edge(int index, boolean level, Instant time, int missed) {
            if (exact && lines.isCounter(index)) {
                lines.count(index, missed + 1, time);
                return;
            }
            lost.addAndGet(missed);
            if (!edges.offer(new Edge(index, level, time))) {
                lost.incrementAndGet();
            }
            if (draining.compareAndSet(false, true) && !executor.run(GpioLink.this::drain)) {
                draining.set(false);
            }
        }

        @Override
        public void broken() {
            executor.run(GpioLink.this::check);
        }
    }

    private void drain() {
        draining.set(false);
        for (Edge edge = edges.poll(); edge != null; edge = edges.poll()) {
            lines.get(edge.index()).changed(lines.config(edge.index()).flip(edge.level()), edge.time());
        }
        long total = lost.get();
        if (total != lostReported) {
            lostReported = total;
            owner.edgesLost(total);
            compareLevels(true);
        }
    }

    private void check() {
        drain();
        if (head != null) {
            compareLevels(!head.isExact());
        }
        Duration lostFor = uplinksLost.get();
        for (int i = 0; i < lines.size() && head != null; i++) {
            int index = i;
            lines.uplinksLost(index, lostFor, value -> writeByItself(index, value));
        }
    }

    /** Reads every line, which finds a chip that is gone. */
    private void compareLevels(boolean takeOver) {
        if (head == null) {
            return;
        }
        try {
            for (int i = 0; i < lines.size(); i++) {
                boolean now = value(i);
                if (takeOver && !lines.get(i).isSettling()) {
                    lines.get(i).changed(now, Instant.now());
                }
            }
        } catch (HeadException e) {
            fail(e);
        }
    }

    /** Reads some points. A failure ends the connection and makes the readings BAD. */
    List<Reading> read(int[] indexes) {
        List<Reading> readings = new ArrayList<>(indexes.length);
        for (int index : indexes) {
            readings.add(read(points.get(index)));
        }
        return readings;
    }

    private Reading read(Point point) {
        if (head != null) {
            try {
                if (lines.isCounter(point.line())) {
                    return lines.counted(point);
                }
                return new Reading(point.tag(), Value.of(value(point.line())), Quality.GOOD, Instant.now());
            } catch (HeadException e) {
                fail(e);
            }
        }
        return new Reading(point.tag(), Value.NONE,
            Quality.bad(closed ? Quality.Reason.PAUSED : Quality.Reason.NOT_CONNECTED,
                closed ? SerialExecutor.SWITCHED_OFF : state.detail()), Instant.now());
    }

    /** Drives an output, or lets a counter go on from another value. A failure ends the connection. */
    void write(int index, Value value) throws HeadException {
        if (head == null) {
            throw new HeadException(state.detail());
        }
        int line = points.get(index).line();
        if (value instanceof Value.Bool bool) {
            drive(line, bool.value());
        } else {
            lines.set(line, value);
        }
    }

    private void drive(int line, boolean value) throws HeadException {
        try {
            head.drive(line, lines.config(line).flip(value));
        } catch (HeadException e) {
            fail(e);
            throw e;
        }
        lines.written(line, value, next -> writeByItself(line, next));
    }

    private void writeByItself(int line, boolean value) {
        if (head == null) {
            return;
        }
        try {
            drive(line, value);
        } catch (HeadException e) {
            // The connection has ended with it, which everybody has been told.
        }
    }

    /** The lines that report by themselves, as they are now. */
    List<Reading> current() {
        List<Reading> readings = new ArrayList<>();
        for (Point point : points) {
            if (point.tag().period().isZero()) {
                readings.add(head != null ? lines.get(point.line()).reading() : read(point));
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
        lines.stop();
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
        state = new LinkState(Phase.DISCONNECTED, Instant.now(), SerialExecutor.SWITCHED_OFF);
    }
}
