// SPDX-License-Identifier: Apache-2.0
package edge.broker;

import edge.api.gateway.GatewayClock;
import edge.api.gateway.Moment;
import edge.api.health.Events;
import edge.api.health.HealthReport.Status;
import edge.api.message.StreamId;
import edge.broker.bus.IngestRule;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;

/** A broker on a free port with test implementations of the other rooms' contracts, as a test needs it. */
public final class Rig implements AutoCloseable {

    public static final Settings DEFAULTS = new Settings("127.0.0.1", 0, 1 << 20, 1_000, Duration.ofSeconds(10),
        Duration.ofSeconds(30), false);
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    public final TestJournal journal = new TestJournal();
    public final TestAccounts accounts = new TestAccounts();
    public final TestTags tags = new TestTags();
    public final List<Events.Event> events = new CopyOnWriteArrayList<>();
    public volatile boolean journalRuns = true;
    public volatile boolean accountsRun = true;
    public volatile List<IngestRule> rules =
        List.of(new IngestRule(StreamId.ingest("alarms"), List.of("plant/+/alarm", "wanted/#")));
    public volatile Optional<String> waitsFor;
    public final Broker broker;

    public Rig() {
        this(DEFAULTS);
    }

    public Rig(Settings settings) {
        this(settings, Optional.empty());
    }

    public Rig(Settings settings, Optional<String> waits) {
        waitsFor = waits;
        broker = new Broker(settings, new Broker.Services(
            () -> accountsRun ? Optional.of(accounts) : Optional.empty(),
            () -> journalRuns ? Optional.of(journal) : Optional.empty(),
            () -> Optional.of(tags), () -> Optional.of(new Recorder()), () -> rules, () -> waitsFor, new Clock()));
        broker.start();
    }

    public static Rig listening() {
        return listening(DEFAULTS);
    }

    public static Rig listening(Settings settings) {
        Rig rig = new Rig(settings);
        rig.await(() -> rig.broker.port().isPresent(), "the broker listens");
        return rig;
    }

    public int port() {
        return broker.port().orElseThrow();
    }

    public void await(BooleanSupplier condition, String what) {
        awaitTrue(condition, what);
    }

    public static void awaitTrue(BooleanSupplier condition, String what) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within " + PATIENCE.toSeconds() + " s: " + what);
            }
            try {
                Thread.sleep(5);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted while waiting: " + what, e);
            }
        }
    }

    @Override
    public void close() {
        broker.close();
    }

    private final class Recorder implements Events {
        @Override
        public void add(Status level, String subject, String text) {
            events.add(new Event(Instant.now(), level, subject, text));
        }

        @Override
        public List<Event> recent(int limit) {
            return events;
        }
    }

    private static final class Clock implements GatewayClock {
        @Override
        public Moment now() {
            return TestTags.now();
        }

        @Override
        public UUID bootId() {
            return new UUID(5, 6);
        }
    }
}
