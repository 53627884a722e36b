// SPDX-License-Identifier: Apache-2.0
package edge.broker;

import edge.api.access.Accounts;
import edge.api.access.Caller;
import edge.api.access.Role;
import edge.api.device.TagTable;
import edge.api.gateway.GatewayClock;
import edge.api.health.Events;
import edge.api.health.HealthReport.Status;
import edge.api.journal.Journal;
import edge.api.message.BrokerFigures;
import edge.api.message.BrokerInfo;
import edge.api.message.BrokerStatus;
import edge.api.message.MessageBus;
import edge.broker.access.TopicRules;
import edge.broker.base.Loop;
import edge.broker.bus.IngestBus;
import edge.broker.bus.IngestRule;
import edge.broker.net.ClientLog;
import edge.broker.net.Clients;
import edge.broker.net.Flusher;
import edge.broker.net.Hub;
import edge.broker.net.Listener;
import edge.broker.net.Login;
import edge.broker.net.Tls;
import edge.broker.net.Wills;
import edge.broker.session.RetainedMessages;
import edge.broker.session.Session;
import edge.broker.session.Sessions;
import edge.broker.session.Subscription;
import edge.broker.state.StateLog;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The message bus and the MQTT broker around it, from start to end: one loop and its listeners. */
public final class Broker implements BrokerInfo {

    private static final Logger LOG = LoggerFactory.getLogger(Broker.class);
    private static final int STOP_SECONDS = 3;
    private static final long TICK_MILLIS = 250;
    private static final int TICKS_PER_SECOND = 4;
    private static final int TICKS_PER_TEN_SECONDS = 40;
    /** Handshakes that may wait for their turn. */
    private static final int MAX_HANDSHAKES = 1_000;
    /** Clients need not wait longer for what a journal may have for them. */
    private static final long RESTORE_NANOS = TimeUnit.SECONDS.toNanos(10);

    /**
     * What other rooms provide. Each is asked anew at every use: it may come and go.
     *
     * @param access who may do what with which topics
     * @param waitsFor what must happen before clients may connect; empty if nothing
     */
    public record Services(Supplier<Optional<Accounts>> accounts, Supplier<Optional<Journal>> journal,
                           Supplier<Optional<TagTable>> tagTable, Supplier<Optional<Events>> events,
                           Supplier<List<IngestRule>> rules, Supplier<TopicRules> access,
                           Supplier<Optional<String>> waitsFor, GatewayClock clock) {
    }

    private record Opened(EventLoopGroup network, List<Listener> listeners) {
    }

    private final Settings settings;
    private final Services services;
    private final Counters counters = new Counters();
    private final Alarms alarms;
    private final Loop loop = new Loop();
    private final StateLog state;
    private final RetainedMessages retained;
    private final Sessions sessions;
    private final IngestBus bus;
    private final Clients clients = new Clients();
    private final Wills wills;
    private final Tls tls;
    private final ThreadPoolExecutor handshakes;
    private final Figures figures;
    private final long created = System.nanoTime();
    private volatile Optional<Opened> opened = Optional.empty();
    private volatile boolean restored;
    private int ticks;
    // guarded by this
    private boolean closed;

    public Broker(Settings settings, Services services) {
        this.settings = settings;
        this.services = services;
        alarms = new Alarms(services.events());
        state = new StateLog(settings.folder(), loop, new Keeper());
        retained = new RetainedMessages(services.tagTable(), alarms, state);
        sessions = new Sessions(loop, services.clock(), services.journal(), state, retained, this::dropped, this::mayRead,
            services.access(), settings.limits().queueMessages(), settings.limits().queueBytes(),
            settings.limits().storedMessages());
        bus = new IngestBus(loop, services.journal(), services.rules(), sessions, retained, state, alarms, counters);
        wills = new Wills(bus, services.clock(), services.access());
        tls = new Tls(settings.tls());
        handshakes = new ThreadPoolExecutor(1, 1, STOP_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(MAX_HANDSHAKES),
            new DefaultThreadFactory("edge-broker-tls", true));
        handshakes.allowCoreThreadTimeOut(true);
        figures = new Figures(counters, clients, sessions, retained);
    }

    private final class Keeper implements StateLog.Owner {
        @Override
        public void wantsAll() {
            loop.execute(sessions::keep);
        }

        @Override
        public void failing(String reason) {
            alarms.raise(Alarms.Kind.STATE_FAILS, Status.CRITICAL, reason, "Look at the disk. Until then, what must be kept is "
                + "not acknowledged.");
        }

        @Override
        public void wellAgain() {
            alarms.clear(Alarms.Kind.STATE_FAILS, "Sessions and retained messages are written to disk again.");
        }
    }

    /** Returns at once; the bus takes messages from now on, the listeners open on another thread. */
    public void start() {
        Thread opening = new Thread(this::open, "edge-broker-start");
        opening.setDaemon(true);
        opening.start();
    }

    private synchronized void open() {
        if (closed) {
            return;
        }
        try {
            StateLog.Loaded loaded = state.load();
            if (!loaded.damage().isEmpty()) {
                LOG.error("{}", loaded.damage());
                alarms.raise(Alarms.Kind.STATE_DAMAGED, Status.WARN, loaded.damage(),
                    "Everything else is in force. Clients that miss a subscription must subscribe again.");
            }
            EventLoopGroup network = new NioEventLoopGroup(1, new DefaultThreadFactory("edge-broker-network", true));
            EventLoop thread = network.next();
            loop.attach(thread);
            Hub hub = new Hub(settings, loop, sessions, bus, services.clock(), counters, alarms, new Login(services.accounts()),
                services.access(), clients, wills, new Flusher(loop), new ClientLog());
            List<Listener> listeners = settings.listeners().stream()
                .map(listener -> new Listener(network, hub, listener, tls, handshakes, this::waitsFor)).toList();
            opened = Optional.of(new Opened(network, listeners));
            thread.execute(() -> begin(loaded, thread));
            if (hasTls()) {
                handshakes.execute(this::refreshCertificates);
            }
            listeners.forEach(Listener::open);
        } catch (RuntimeException | LinkageError e) {
            LOG.error("The MQTT broker did not start", e);
            alarms.raise(Alarms.Kind.NOT_STARTED, Status.CRITICAL, "The MQTT broker did not start: " + e + ".",
                "Please report the log of this start; readings still reach the journal.");
        }
    }

    private void begin(StateLog.Loaded loaded, EventLoop thread) {
        sessions.restore(loaded.entries(), () -> restored = true);
        state.start(sessions.describe());
        loop.begin();
        thread.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private Optional<String> waitsFor() {
        Optional<String> others = services.waitsFor().get();
        if (others.isPresent() || restored || System.nanoTime() - created > RESTORE_NANOS) {
            return others;
        }
        return Optional.of("the journal has not told yet what waits for the sessions");
    }

    private boolean hasTls() {
        return settings.listeners().stream().anyMatch(listener -> switch (listener.protocol()) {
            case MQTTS, WSS -> true;
            case MQTT, WS -> false;
        });
    }

    private void refreshCertificates() {
        tls.refresh();
        String problem = tls.problem();
        if (problem.isEmpty()) {
            alarms.clear(Alarms.Kind.CERTIFICATE, "The certificate of the MQTT listeners is in order.");
        } else {
            alarms.raise(Alarms.Kind.CERTIFICATE, Status.WARN, problem,
                "Put a certificate, its chain and its key in place; they are read within ten seconds.");
        }
    }

    private void tick() {
        try {
            ticks++;
            clients.check();
            if (ticks % 2 == 0) {
                sessions.tick();
            }
            if (ticks % TICKS_PER_SECOND == 0) {
                retained.write();
                figures.turn();
            }
            if (ticks % TICKS_PER_TEN_SECONDS == 0) {
                retained.expire();
                counters.latency().turn();
            }
            if (ticks % TICKS_PER_SECOND == 0 && hasTls()) {
                handshakes.execute(this::refreshCertificates);
            }
        } catch (RejectedExecutionException e) {
            LOG.debug("Too many handshakes wait; the certificates are looked at later", e);
        } catch (RuntimeException e) {
            // A timer that has thrown once never runs again.
            LOG.error("Looking after the MQTT clients failed; it goes on", e);
        }
    }

    private void dropped(String clientId, boolean promised) {
        counters.dropped.increment();
        if (promised) {
            alarms.raise(Alarms.Kind.DROPPING, Status.WARN, "Client " + clientId
                + " does not take or acknowledge its messages: newer ones are dropped.",
                "Look after that client, or let it end its session.");
        }
    }

    private boolean mayRead(Session session, Subscription subscription) {
        TopicRules rules = services.access().get();
        if (rules == TopicRules.OPEN) {
            return true;
        }
        Caller caller = clients.caller(session.clientId()).orElseGet(() ->
            new Caller(Caller.Kind.MACHINE, session.owner(), roleOf(session.owner()), "away"));
        return rules.maySubscribe(caller, session.clientId(), subscription.filter(), subscription.isShared());
    }

    private Role roleOf(String account) {
        return services.accounts().get().flatMap(known -> known.list().stream()
            .filter(each -> each.name().equals(account)).findFirst()).map(Accounts.Account::role).orElse(Role.VIEWER);
    }

    public MessageBus bus() {
        return bus;
    }

    public Alarms alarms() {
        alarms.missing(Alarms.Kind.NO_JOURNAL, services.journal().get().isEmpty(),
            "No journal is running: messages that must be stored are refused.", "Start the bundle edge.journal.");
        alarms.missing(Alarms.Kind.NO_ACCOUNTS, services.accounts().get().isEmpty(),
            "No accounts are available: MQTT clients cannot sign in.", "Start the bundle edge.runtime.");
        String unavailable = services.access().get().unavailable();
        alarms.missing(Alarms.Kind.NO_RULES, !unavailable.isEmpty(), "MQTT clients may do nothing: " + unavailable + ".",
            "Correct etc/edge.broker.access.cfg.json, or remove it to let everybody who signs in read and publish.");
        return alarms;
    }

    @Override
    public BrokerStatus status() {
        return new BrokerStatus(opened.map(o -> o.listeners().stream().map(Listener::status).toList()).orElse(List.of()),
            clients.figures().stream().map(c -> new BrokerStatus.Client(c.id(), c.user(), c.address(), c.since())).toList(),
            figures.sessions(), counters.messagesIn.sum(), counters.messagesOut.sum(), counters.connectionsRefused.sum(),
            counters.publishesRefused.sum(), counters.dropped.sum());
    }

    @Override
    public BrokerFigures figures() {
        return figures.now();
    }

    @Override
    public boolean disconnect(String clientId, Caller by) {
        boolean connected = clients.isConnected(clientId);
        if (connected) {
            LOG.info("{} disconnects the MQTT client {}", by.name(), clientId);
            counters.refused("disconnected by an operator");
            loop.execute(() -> clients.disconnect(clientId));
        }
        return connected;
    }

    /** The port of the first listener, empty while it does not listen. */
    public OptionalInt port() {
        return opened.map(o -> o.listeners().get(0).port()).orElse(OptionalInt.empty());
    }

    /** The port of the listener with that name, empty while it does not listen. */
    public OptionalInt port(String name) {
        return opened.flatMap(o -> o.listeners().stream().filter(l -> l.settings().name().equals(name)).findFirst())
            .map(Listener::port).orElse(OptionalInt.empty());
    }

    /** Closes every listener and every connection, keeps the sessions, and ends every thread. Waits a few seconds at most. */
    public void close() {
        wills.close();
        synchronized (this) {
            closed = true;
        }
        opened.ifPresent(o -> {
            o.listeners().forEach(Listener::close);
            CountDownLatch done = new CountDownLatch(1);
            loop.execute(() -> {
                clients.close();
                sessions.keep();
                // Behind what the closing has asked for.
                loop.execute(done::countDown);
            });
            awaitQuietly(done);
        });
        state.close();
        sessions.close();
        loop.end();
        handshakes.shutdownNow();
        opened.ifPresent(o -> {
            o.network().shutdownGracefully(0, STOP_SECONDS, TimeUnit.SECONDS);
            if (!o.network().terminationFuture().awaitUninterruptibly(STOP_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("The network loop did not end within {} s", STOP_SECONDS);
            }
        });
        opened = Optional.empty();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
