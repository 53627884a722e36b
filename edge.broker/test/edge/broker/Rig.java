// SPDX-License-Identifier: Apache-2.0
package edge.broker;

import edge.api.gateway.GatewayClock;
import edge.api.gateway.Moment;
import edge.api.health.Events;
import edge.api.health.HealthReport.Status;
import edge.api.message.StreamId;
import edge.broker.Settings.Limits;
import edge.broker.access.TopicRules;
import edge.broker.bus.IngestRule;
import edge.broker.net.ListenerSettings;
import edge.broker.net.TlsSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** A broker on a free port with test implementations of the other rooms' contracts, as a test needs it. */
public final class Rig implements AutoCloseable {

    public static final Settings DEFAULTS = settings(ListenerSettings.plain("127.0.0.1", 0, false), Limits.DEFAULTS);
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    public final TestJournal journal;
    public final TestAccounts accounts = new TestAccounts();
    public final TestTags tags = new TestTags();
    public final List<Events.Event> events = new CopyOnWriteArrayList<>();
    public volatile boolean journalRuns = true;
    public volatile boolean accountsRun = true;
    public volatile List<IngestRule> rules =
        List.of(new IngestRule(StreamId.ingest("alarms"), List.of("plant/+/alarm", "wanted/#")));
    public volatile Optional<String> waitsFor;
    public volatile TopicRules access = TopicRules.OPEN;
    public final Broker broker;
    private final Optional<Path> own;

    public Rig() {
        this(DEFAULTS);
    }

    public Rig(Settings settings) {
        this(settings, Optional.empty());
    }

    public Rig(Settings settings, Optional<String> waits) {
        this(settings, waits, new TestJournal());
    }

    /** @param kept a journal that has been there before */
    public Rig(Settings settings, Optional<String> waits, TestJournal kept) {
        journal = kept;
        waitsFor = waits;
        own = settings.folder().toString().isEmpty() ? Optional.of(temporary()) : Optional.empty();
        broker = new Broker(own.map(folder -> in(settings, folder)).orElse(settings), new Broker.Services(
            () -> accountsRun ? Optional.of(accounts) : Optional.empty(),
            () -> journalRuns ? Optional.of(journal) : Optional.empty(),
            () -> Optional.of(tags), () -> Optional.of(new Recorder()), () -> rules, () -> access, () -> waitsFor,
            new Clock()));
        broker.start();
    }

    /** Settings whose folder each rig makes for itself. */
    public static Settings settings(ListenerSettings listener, Limits limits) {
        return settings(List.of(listener), limits, Duration.ofSeconds(10), Duration.ofSeconds(30));
    }

    public static Settings settings(List<ListenerSettings> listeners, Limits limits, Duration connectTimeout,
                                    Duration acknowledgeTimeout) {
        return new Settings(listeners, tls(Path.of("")), Path.of(""), limits, connectTimeout, acknowledgeTimeout,
            Duration.ofDays(7));
    }

    public static TlsSettings tls(Path folder) {
        return new TlsSettings(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), folder);
    }

    /** One listener, with bounds and time-outs as given. */
    public static Settings plain(String host, int port, boolean anonymous, int maxConnections, Duration connectTimeout,
                                 Duration acknowledgeTimeout) {
        Limits d = Limits.DEFAULTS;
        return settings(List.of(ListenerSettings.plain(host, port, anonymous)), new Limits(d.maxPacketBytes(), maxConnections,
            maxConnections, d.messagesPerSecond(), d.inFlight(), d.queueMessages(), d.queueBytes(), d.storedMessages()),
            connectTimeout, acknowledgeTimeout);
    }

    /** The same settings with another folder. */
    public static Settings in(Settings s, Path folder) {
        TlsSettings tls = s.tls();
        return new Settings(s.listeners(), new TlsSettings(tls.certificate(), tls.key(), tls.clientCa(), tls.revoked(), folder),
            folder, s.limits(), s.connectTimeout(), s.acknowledgeTimeout(), s.sessionExpiry());
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("edge-broker");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
        own.ifPresent(folder -> awaitTrue(() -> isDeleted(folder), folder + " can be deleted"));
    }

    private static boolean isDeleted(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
            return true;
        } catch (IOException | UncheckedIOException e) {
            return !Files.exists(folder);
        }
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
