// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.client;

import edge.api.device.LinkState;
import edge.api.device.Quality.Reason;
import edge.drivers.modbus.codec.MalformedException;
import edge.drivers.modbus.tls.TlsSettings;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.channels.SelectionKey;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to one host and port, shared by its links: connects, and connects again with growing pauses. What goes over it
 * is a matter of its {@link Transactions}. Lives on the loop's thread.
 */
final class Connection implements Line {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    private enum State { NEW, CONNECTING, CONNECTED, WAITING, CLOSED }

    private final EventLoop loop;
    private final Resolver resolver;
    private final Endpoint.Network endpoint;
    private final String host;
    private final int port;
    private final Wire wire;
    private final Transactions transactions;
    private final List<Link> users = new ArrayList<>();

    private LinkSettings settings = LinkSettings.DEFAULT;
    private State state = State.NEW;
    private LinkState published = new LinkState(LinkState.Phase.CONNECTING, Instant.now(), "");
    private Failure whyNotConnected = Failure.PAUSED;
    private boolean sendPlanned;
    /** Ends connecting or waiting. */
    private long deadline;
    private int attempt;
    /** Connections lost in a row, the last that had worked included. */
    private int failures;

    Connection(EventLoop loop, Resolver resolver, Endpoint.Network endpoint) {
        this.loop = loop;
        this.resolver = resolver;
        this.endpoint = endpoint;
        host = endpoint.host();
        port = endpoint.port();
        wire = new Wire(endpoint.framing(), endpoint instanceof Endpoint.Udp);
        transactions = new Transactions(loop, endpoint.framing(), wire);
    }

    // ------------------------------------------------------------------------------------------------- its users

    @Override
    public void add(Link link) {
        users.add(link);
        settings = users.stream().map(Link::settings).reduce(LinkSettings::gentler).orElseThrow();
        if (state == State.NEW) {
            loop.add(this);
            connect();
        } else {
            link.publish(published);
        }
    }

    @Override
    public boolean remove(Link link) {
        users.remove(link);
        List<Call> gone = transactions.take(link);
        if (users.isEmpty()) {
            state = State.CLOSED;
            wire.close();
            loop.remove(this);
        } else {
            settings = users.stream().map(Link::settings).reduce(LinkSettings::gentler).orElseThrow();
            sendLater();
        }
        Call.fail(gone, Failure.PAUSED);
        return users.isEmpty();
    }

    @Override
    public void offer(Call call) {
        Failure full = transactions.add(call, settings.maxQueued());
        if (full != null) {
            call.fail(full);
            return;
        }
        sendLater();
    }

    private void sendLater() {
        if (!sendPlanned) {
            sendPlanned = true;
            loop.sendLater(this);
        }
    }

    private void publish(LinkState.Phase phase, String detail) {
        boolean same = phase == LinkState.Phase.CONNECTED == (published.phase() == LinkState.Phase.CONNECTED);
        published = new LinkState(phase, same ? published.since() : Instant.now(), detail);
        for (Link link : List.copyOf(users)) {
            link.publish(published);
        }
    }

    // ------------------------------------------------------------------------------------- connecting and losing it

    private void connect() {
        state = State.CONNECTING;
        deadline = loop.now() + settings.connectTimeout().toNanos();
        loop.wakeAt(deadline);
        int current = ++attempt;
        publish(LinkState.Phase.CONNECTING, failures == 0 ? "" : whyNotConnected.text());
        // Certificates are read from files: that, too, is done aside.
        resolver.resolve(host, port, endpoint.tls().isPresent(), address -> {
            Callable<Optional<SSLEngine>> engine = secure();
            if (loop.inLoop()) {
                resolved(current, address, engine);
            } else {
                loop.execute(() -> resolved(current, address, engine));
            }
        });
    }

    /** What encrypts the next connection, or the reason why that cannot be had. */
    private Callable<Optional<SSLEngine>> secure() {
        if (endpoint.tls().isEmpty()) {
            return Optional::empty;
        }
        try {
            Optional<SSLEngine> engine =
                Optional.of(TlsSettings.clientEngine(endpoint.tls().get().context(), host, port));
            return () -> engine;
        } catch (IOException e) {
            return () -> {
                throw e;
            };
        }
    }

    private void resolved(int current, InetSocketAddress address, Callable<Optional<SSLEngine>> engine) {
        if (state != State.CONNECTING || current != attempt) {
            return;
        }
        if (address.isUnresolved()) {
            lost("the host name '" + host + "' is unknown; check host and the gateway's name server", Reason.NOT_CONNECTED);
            return;
        }
        try {
            if (wire.open(address, engine.call(), loop.selector(), this)) {
                connected();
            }
        } catch (Exception e) {
            lost(describe(e), Reason.NOT_CONNECTED);
        }
    }

    private void connected() {
        state = State.CONNECTED;
        transactions.begin();
        publish(LinkState.Phase.CONNECTED, "");
        sendLater();
    }

    private String describe(Exception e) {
        String text = e.getMessage() == null ? e.toString() : e.getMessage();
        if (e instanceof SSLException) {
            return "the encrypted connection was not established: " + text + "; check the device's certificate, caFile and"
                + " keyStore";
        }
        if (e instanceof EOFException && endpoint.tls().isPresent() && !transactions.hasAnswered()) {
            return text + " before it has answered anything; check whether it demands a client certificate (keyStore)";
        }
        if (text.startsWith("Connection refused") || e instanceof PortUnreachableException) {
            return "nothing listens there (connection refused); check host and port, and that the device's Modbus server is on";
        }
        return text.startsWith("Connection reset") ? "the device has reset the connection" : text;
    }

    /**
     * The connection is gone or not to be trusted. What is in flight fails; what is queued waits if the next attempt is
     * made at once, which is so after a connection that had worked, and fails otherwise.
     */
    private void lost(String why, Reason reason) {
        LOG.debug("{}:{}: {}", host, port, why);
        wire.close();
        boolean worked = transactions.hasAnswered();
        List<Call> sent = transactions.end();
        List<Call> unsent = List.of();
        if (worked) {
            failures = 1;
            whyNotConnected = Failure.of(Reason.NOT_CONNECTED, why);
            connect();
        } else {
            failures++;
            unsent = transactions.takeUnsent();
            pause(why);
        }
        for (Call call : sent) {
            call.link.counter().failed(reason, loop.now() - call.sentAt);
        }
        Call.fail(sent, Failure.of(reason, why));
        Call.fail(unsent, whyNotConnected);
    }

    private void pause(String why) {
        state = State.WAITING;
        long nanos = Backoff.nanos(failures, settings.reconnectMin().toNanos(), settings.reconnectMax().toNanos());
        deadline = loop.now() + nanos;
        loop.wakeAt(deadline);
        String text = why + "; attempt " + (failures + 1) + " at "
            + Instant.now().plusNanos(nanos).truncatedTo(ChronoUnit.MILLIS);
        whyNotConnected = Failure.of(Reason.NOT_CONNECTED, text);
        publish(LinkState.Phase.DISCONNECTED, text);
    }

    // ------------------------------------------------------------------------------------------ called by the loop

    void ready(SelectionKey key) {
        try {
            if (state == State.CONNECTING) {
                if (wire.finishConnect()) {
                    connected();
                }
                return;
            }
            if (key.isReadable()) {
                transactions.receive();
            }
            sendLater();
        } catch (MalformedException e) {
            lost("the answer is malformed: " + e.getMessage(), Reason.MALFORMED);
        } catch (IOException e) {
            lost(describe(e), Reason.NOT_CONNECTED);
        }
    }

    void send() {
        sendPlanned = false;
        if (state == State.WAITING) {
            Call.fail(transactions.takeUnsent(), whyNotConnected);
        } else if (state == State.CONNECTED) {
            try {
                transactions.transmit(settings.maxInFlight());
            } catch (IOException e) {
                lost(describe(e), Reason.NOT_CONNECTED);
            }
        }
    }

    /** Looks for what took too long. */
    void sweep(long now) {
        switch (state) {
            case CONNECTING -> {
                if (now - deadline >= 0) {
                    lost(tooSlow(), Reason.NOT_CONNECTED);
                } else {
                    loop.wakeAt(deadline);
                }
            }
            case WAITING -> {
                if (now - deadline >= 0) {
                    connect();
                } else {
                    loop.wakeAt(deadline);
                }
            }
            case CONNECTED -> sweepInFlight(now);
            case NEW, CLOSED -> { }
        }
    }

    private String tooSlow() {
        String within = " within " + settings.connectTimeout().toMillis() + " ms";
        return wire.isSecuring() ? "no encrypted connection" + within + "; is this the port of Modbus Security, mostly 802?"
            : wire.isOpen() ? "no connection" + within + "; check host, network and the device's power"
            : "the name server has not told the address of '" + host + "'" + within + "; check the gateway's name server";
    }

    private void sweepInFlight(long now) {
        List<Call> late = transactions.takeLate(now);
        if (late.isEmpty()) {
            return;
        }
        String why = transactions.whyDead();
        if (why.isEmpty()) {
            sendLater();
        } else {
            lost(why, Reason.NOT_CONNECTED);
        }
        for (Call call : late) {
            call.fail(call.tooLate());
        }
    }
}
