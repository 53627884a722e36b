// SPDX-License-Identifier: Apache-2.0
package edge.broker;

import edge.api.access.Accounts;
import edge.api.device.TagTable;
import edge.api.gateway.GatewayClock;
import edge.api.health.Events;
import edge.api.health.HealthReport.Status;
import edge.api.journal.Journal;
import edge.api.message.BrokerInfo;
import edge.api.message.BrokerStatus;
import edge.api.message.MessageBus;
import edge.broker.bus.IngestBus;
import edge.broker.bus.IngestRule;
import edge.broker.bus.RetainedMessages;
import edge.broker.bus.SerialLoop;
import edge.broker.net.ClientLog;
import edge.broker.net.Hub;
import edge.broker.net.Listener;
import edge.broker.net.Login;
import edge.broker.net.Openings;
import edge.broker.net.Peers;
import edge.broker.net.Wills;
import edge.broker.session.Sessions;
import io.moquette.broker.MoquetteSessions;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The message bus and the MQTT broker around it, from start to end: two loops, one listener. */
public final class Broker implements BrokerInfo {

    private static final Logger LOG = LoggerFactory.getLogger(Broker.class);
    private static final int STOP_SECONDS = 3;

    /**
     * What other rooms provide. Each is asked anew at every use: it may come and go.
     *
     * @param waitsFor what must happen before clients may connect; empty if nothing
     */
    public record Services(Supplier<Optional<Accounts>> accounts, Supplier<Optional<Journal>> journal,
                           Supplier<Optional<TagTable>> tagTable, Supplier<Optional<Events>> events,
                           Supplier<List<IngestRule>> rules, Supplier<Optional<String>> waitsFor, GatewayClock clock) {
    }

    private record Opened(EventLoopGroup network, Sessions sessions, Listener listener) {
    }

    private final Settings settings;
    private final Services services;
    private final Counters counters = new Counters();
    private final Alarms alarms;
    private final SerialLoop loop = new SerialLoop("edge-broker-sessions");
    private final RetainedMessages retained;
    private final IngestBus bus;
    private final Peers peers = new Peers();
    private final Wills wills;
    private volatile Optional<Opened> opened = Optional.empty();
    // guarded by this
    private boolean closed;

    public Broker(Settings settings, Services services) {
        this.settings = settings;
        this.services = services;
        alarms = new Alarms(services.events());
        retained = new RetainedMessages(services.tagTable(), alarms);
        bus = new IngestBus(loop, services.journal(), services.rules(), retained, alarms, counters);
        wills = new Wills(bus, services.clock());
    }

    /** Returns at once; the bus takes messages from now on, the listener opens on another thread. */
    public void start() {
        loop.start();
        loop.command(this::open);
    }

    private synchronized void open() {
        if (closed) {
            return;
        }
        try {
            EventLoopGroup network = new NioEventLoopGroup(1, new DefaultThreadFactory("edge-broker-network", true));
            Sessions sessions = new MoquetteSessions(loop, retained, this::dropped);
            Hub hub = new Hub(settings, loop, sessions, bus, services.clock(), counters, alarms,
                new Login(services.accounts(), anonymousAllowed()), peers, wills, new Openings(),
                new ClientLog());
            Listener listener = new Listener(network, hub, services.waitsFor());
            opened = Optional.of(new Opened(network, sessions, listener));
            bus.attach(sessions);
            listener.open();
        } catch (RuntimeException | LinkageError e) {
            LOG.error("The MQTT broker did not start", e);
            alarms.raise(Alarms.Kind.NOT_STARTED, Status.CRITICAL, "The MQTT broker did not start: " + e + ".",
                "Please report the log of this start; readings still reach the journal.");
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

    private boolean anonymousAllowed() {
        if (!settings.anonymousOnLoopback()) {
            return false;
        }
        try {
            if (InetAddress.getByName(settings.host()).isLoopbackAddress()) {
                return true;
            }
        } catch (UnknownHostException e) {
            LOG.debug("The listener will say that its host is unknown", e);
        }
        LOG.warn("Anonymous clients are not let in: {} is no loopback address", settings.host());
        return false;
    }

    public MessageBus bus() {
        return bus;
    }

    public Alarms alarms() {
        alarms.missing(Alarms.Kind.NO_JOURNAL, services.journal().get().isEmpty(),
            "No journal is running: messages that must be stored are refused.", "Start the bundle edge.journal.");
        alarms.missing(Alarms.Kind.NO_ACCOUNTS, services.accounts().get().isEmpty(),
            "No accounts are available: MQTT clients cannot sign in.", "Start the bundle edge.runtime.");
        return alarms;
    }

    @Override
    public BrokerStatus status() {
        return new BrokerStatus(opened.map(o -> List.of(o.listener().status())).orElse(List.of()), peers.clients(),
            opened.map(o -> o.sessions().count()).orElse(0), counters.messagesIn.sum(), counters.messagesOut.sum(),
            counters.connectionsRefused.sum(), counters.publishesRefused.sum(), counters.dropped.sum());
    }

    /** The port that it listens on, empty while it does not. */
    public OptionalInt port() {
        return opened.map(o -> o.listener().port()).orElse(OptionalInt.empty());
    }

    /** Closes the listener and every connection, and ends every thread. Waits at most a few seconds. */
    public void close() {
        wills.close();
        synchronized (this) {
            closed = true;
        }
        opened.ifPresent(o -> {
            o.listener().close();
            peers.close();
        });
        // First the loop that writes, then the one that is written to.
        loop.stop();
        opened.ifPresent(o -> {
            o.network().shutdownGracefully(0, STOP_SECONDS, TimeUnit.SECONDS);
            if (!o.network().terminationFuture().awaitUninterruptibly(STOP_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("The network loop did not end within {} s", STOP_SECONDS);
            }
            o.sessions().close();
        });
        opened = Optional.empty();
    }
}
