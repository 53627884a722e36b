// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.core;

import edge.api.gateway.GatewayClock;
import edge.api.health.HealthCheck;
import edge.api.health.HealthReport;
import edge.api.journal.Cursor.Backlog;
import edge.api.journal.Journal;
import edge.api.journal.JournalException;
import edge.api.journal.JournalRecord;
import edge.api.journal.Lanes;
import edge.api.journal.StreamSelection;
import edge.api.message.RecordKey;
import edge.api.uplink.DeadLetter;
import edge.api.uplink.Encoder;
import edge.api.uplink.Encoder.Payload;
import edge.api.uplink.Lane;
import edge.api.uplink.Uplink;
import edge.api.uplink.UplinkStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drives one uplink on a thread of its own, {@code edge-uplink-NAME}: owns its lanes, opens it again with back-off for as
 * long as it is there, and ends in bounded time. The marks in the journal outlive it.
 */
final class Pump implements HealthCheck {

    private static final Logger LOG = LoggerFactory.getLogger(Pump.class);
    private static final String LETTERS = ".dead.json";
    private static final String TRAFFIC = ".traffic";
    private static final String REPLAY = ".replay.json";
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
    private final Suspicion suspicion = new Suspicion();
    private final DeadLetters letters;
    private final Traffic traffic;
    private final ReplayRequest request;
    private final ReplaySource replay;
    private final Gate gate;
    private final Thread thread;
    private volatile DeliveryPolicy policy;
    private volatile boolean stopping;
    private volatile boolean paused;
    /** Null until they are open. */
    private volatile Lanes lanes;
    private boolean retryNow;

    /** @param folder where what it must not forget is kept */
    Pump(Uplink uplink, Journal journal, GatewayClock clock, Function<String, Optional<Encoder>> encoders,
        Announcer announcer, Limits limits, DeliveryPolicy policy, Path folder, boolean paused) {
        this.uplink = uplink;
        this.name = uplink.name();
        this.journal = journal;
        this.clock = clock;
        this.encoders = encoders;
        this.limits = limits;
        this.policy = policy;
        this.paused = paused;
        this.state = new UplinkState(name, uplink.address(), clock, announcer);
        this.backoff = new Backoff(limits.firstDelay(), limits.longestDelay());
        this.letters = new DeadLetters(folder.resolve(name + LETTERS));
        this.traffic = new Traffic(folder.resolve(name + TRAFFIC));
        this.request = new ReplayRequest(folder.resolve(name + REPLAY));
        this.replay = new ReplaySource(journal, uplink.selection(), letters, request);
        this.gate = new Gate(clock, traffic, () -> this.policy);
        this.thread = new Thread(this::run, "edge-uplink-" + name);
    }

    /** The files that an uplink of this name keeps. */
    static List<String> files(String name) {
        return List.of(name + LETTERS, name + TRAFFIC, name + REPLAY);
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

    /** Other rules from now on. */
    void policy(DeliveryPolicy next) {
        policy = next;
        retryNow();
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
        Lanes open = lanes;
        Backlog historical = open == null ? UNKNOWN : open.backlog().backlog();
        Backlog live = open == null ? UNKNOWN : open.live().backlog();
        return state.status(new Backlog(historical.records() + live.records(), historical.bytes() + live.bytes()),
            historical, letters.size(), traffic.status(policy.dailyBytes(), clock.now().wall()), request.status());
    }

    @Override
    public String subject() {
        return "uplink " + name;
    }

    @Override
    public HealthReport check() {
        return state.health(letters.size());
    }

    List<DeadLetter> deadLetters() {
        return letters.list();
    }

    /** What would be sent for a dead letter now. */
    Optional<byte[]> payload(RecordKey key) {
        try {
            Optional<DeadLetter> letter = letters.get(key);
            Optional<Encoder> encoder = encoders.apply(uplink.encoder());
            if (letter.isEmpty() || encoder.isEmpty()) {
                return Optional.empty();
            }
            List<JournalRecord> records = journal.fetch(List.of(letter.get().position()));
            if (records.isEmpty()) {
                return Optional.empty();
            }
            List<Payload> payloads =
                encoder.get().encode(new Corrections(journal).apply(records.get(0)), Lane.REPLAY);
            return payloads.size() == 1 ? Optional.of(payloads.get(0).bytes())
                : encoder.get().join(payloads.stream().map(Payload::bytes).toList());
        } catch (JournalException | RuntimeException e) {
            LOG.warn("uplink {}: dead letter {} cannot be shown: {}", name, key, e.toString());
            return Optional.empty();
        }
    }

    /** @return false if there is no such dead letter */
    boolean replayDeadLetter(RecordKey key) throws IOException {
        boolean there = letters.get(key).isPresent();
        if (letters.ask(key)) {
            inbox.post(() -> replay.letter(key));
        }
        return there;
    }

    boolean deleteDeadLetter(RecordKey key) throws IOException {
        return letters.remove(key);
    }

    void replay(StreamSelection streams, Instant from, Instant until) throws IOException {
        request.begin(new ReplayRequest.Range(streams, from, until));
        inbox.wake();
    }

    /** @return false if nothing is replayed */
    boolean stopReplay() {
        return request.end();
    }

    private void run() {
        try {
            Line line = null;
            while (!stopping) {
                Optional<String> closed = gate.closed();
                if (paused) {
                    state.paused();
                    rest(() -> paused);
                } else if (closed.isPresent()) {
                    state.waiting(closed.get());
                    rest(() -> !paused && gate.closed().isPresent());
                } else if (line == null) {
                    line = openLanes();
                } else {
                    connect(line);
                }
            }
        } catch (InterruptedException e) {
            LOG.warn("uplink {}: its thread was told to end at once", name);
        } finally {
            replay.close();
            request.save();
            Lanes open = lanes;
            if (open != null) {
                open.close();
            }
            traffic.save();
        }
    }

    private void rest(java.util.function.BooleanSupplier still) throws InterruptedException {
        while (!stopping && still.getAsBoolean()) {
            inbox.await(System.nanoTime() + LOOK_AROUND);
        }
    }

    /** @return null if they cannot be opened now */
    private Line openLanes() throws InterruptedException {
        try {
            Lanes open = journal.openLanes(name, uplink.selection());
            List<LaneFlow> flows = List.of(new LaneFlow(Lane.LIVE, new RecordSource(open.live(), inbox)),
                new LaneFlow(Lane.BACKLOG, new RecordSource(open.backlog(), inbox)), new LaneFlow(Lane.REPLAY, replay));
            lanes = open;
            return new Line(uplink, journal, clock, open, flows, letters, suspicion, traffic, state, backoff, inbox, limits,
                () -> policy);
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

    private void connect(Line line) throws InterruptedException {
        Optional<Encoder> encoder = encoders.apply(uplink.encoder());
        if (encoder.isEmpty()) {
            backOff(new Trouble("There is no encoder '" + uplink.encoder() + "' in this gateway",
                "Name another one in the configuration, or install the bundle that has it", true));
            return;
        }
        Optional<Trouble> trouble = new Session(line, encoder.get(), backoff.isOpen(policy),
            () -> stopping || paused || gate.closed().isPresent()).run();
        if (trouble.isPresent() && !stopping && !paused) {
            backOff(trouble.get());
        }
    }

    private void backOff(Trouble trouble) throws InterruptedException {
        boolean open = backoff.isOpen(policy);
        Duration wait = open ? backoff.whileOpen(policy)
            : suspicion.isOn() ? backoff.next(limits.suspicious()) : backoff.next();
        state.backingOff(open ? trouble.afterFailures(backoff.failures()) : trouble, wait);
        retryNow = false;
        long until = System.nanoTime() + wait.toNanos();
        while (!stopping && !paused && !retryNow && System.nanoTime() - until < 0) {
            inbox.await(until);
        }
    }
}
