// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.client;

import edge.api.device.LinkState;
import edge.api.device.Quality.Reason;
import edge.drivers.modbus.codec.Framing;
import edge.drivers.modbus.codec.MalformedException;
import edge.drivers.modbus.codec.Mbap;
import edge.drivers.modbus.codec.Response;
import edge.drivers.modbus.tls.TlsSettings;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
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
 * One connection to one host and port, shared by its links: connects, sends queued requests as far as the number in flight
 * allows, matches answers, and connects again with growing pauses. Lives on the loop's thread.
 */
final class Connection implements Line {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
    /** So many unanswered requests in a row, without one byte in between, and the connection is taken for dead. */
    private static final int MAX_SILENT = 2;

    private enum State { NEW, CONNECTING, CONNECTED, WAITING, CLOSED }

    private final EventLoop loop;
    private final Resolver resolver;
    private final Endpoint.Network endpoint;
    private final String host;
    private final int port;
    private final Framing framing;
    private final Wire wire;
    private final Wire.FrameHandler frames = this::frame;
    private final InFlight inFlight = new InFlight();
    private final List<Link> users = new ArrayList<>();
    private final Breakers breakers = new Breakers();
    private final CallQueue queue = new CallQueue(breakers);

    private LinkSettings settings = LinkSettings.DEFAULT;
    private State state = State.NEW;
    private LinkState published = new LinkState(LinkState.Phase.CONNECTING, Instant.now(), "");
    private Failure whyNotConnected = Failure.PAUSED;
    private boolean sendPlanned;
    /** Ends connecting or waiting. */
    private long deadline;
    private int attempt;
    /** Failures in a row since the last valid answer. */
    private int failures;
    private boolean answered;
    private int silent;
    private int silentUnit;
    private boolean severalSilent;

    Connection(EventLoop loop, Resolver resolver, Endpoint.Network endpoint) {
        this.loop = loop;
        this.resolver = resolver;
        this.endpoint = endpoint;
        host = endpoint.host();
        port = endpoint.port();
        framing = endpoint.framing();
        wire = new Wire(framing, endpoint instanceof Endpoint.Udp);
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
        List<Call> gone = new ArrayList<>();
        for (int i = inFlight.count() - 1; i >= 0; i--) {
            if (inFlight.get(i).link == link) {
                breakers.forgetProbe(inFlight.get(i).request.unit());
                gone.add(inFlight.abandon(i));
            }
        }
        gone.addAll(queue.take(call -> call.link == link));
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
        Failure full = queue.add(call, settings.maxQueued());
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
        answered = false;
        silent = 0;
        publish(LinkState.Phase.CONNECTED, "");
        sendLater();
    }

    private String describe(Exception e) {
        String text = e.getMessage() == null ? e.toString() : e.getMessage();
        if (e instanceof SSLException) {
            return "the encrypted connection was not established: " + text + "; check the device's certificate, caFile and"
                + " keyStore";
        }
        if (e instanceof EOFException && endpoint.tls().isPresent() && !answered) {
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
        List<Call> sent = new ArrayList<>();
        while (inFlight.count() > 0) {
            sent.add(inFlight.remove(0));
        }
        inFlight.clear();
        breakers.forgetProbes();
        List<Call> unsent = List.of();
        if (answered) {
            answered = false;
            failures = 1;
            whyNotConnected = Failure.of(Reason.NOT_CONNECTED, why);
            connect();
        } else {
            failures++;
            unsent = queue.takeAll();
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
                silent = 0;
                wire.receive(frames);
                if (state == State.CONNECTED && wire.hasFragment() && inFlight.count() == 0 && !inFlight.hasAbandoned()) {
                    throw new MalformedException("bytes that nobody asked for");
                }
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
            Call.fail(queue.takeAll(), whyNotConnected);
        } else if (state == State.CONNECTED) {
            try {
                transmit();
            } catch (IOException e) {
                lost(describe(e), Reason.NOT_CONNECTED);
            }
        }
    }

    private void transmit() throws IOException {
        List<Call> refused = queue.takeRefused(loop.now());
        int most = framing.hasTransaction() ? settings.maxInFlight() : 1;
        while (inFlight.count() < most && wire.hasRoom()) {
            Call call = queue.next();
            if (call == null) {
                break;
            }
            inFlight.add(call);
            call.sentAt = loop.now();
            call.patience = breakers.ask(call.request.unit(), call.timeoutNanos);
            loop.wakeAt(call.deadline());
            call.link.counter().sent();
            framing.encode(call.request, call.transaction, wire.out());
            wire.frameEnds();
        }
        if (wire.hasUnsent()) {
            wire.flush();
        }
        queue.skip(refused, loop.now());
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
        List<Call> late = null;
        for (int i = inFlight.count() - 1; i >= 0; i--) {
            Call call = inFlight.get(i);
            if (now - call.deadline() < 0) {
                loop.wakeAt(call.deadline());
                continue;
            }
            late = late == null ? new ArrayList<>() : late;
            late.add(inFlight.abandon(i));
        }
        if (late == null) {
            return;
        }
        for (Call call : late) {
            countSilence(call);
            call.link.counter().failed(Reason.TIMEOUT, now - call.sentAt);
            breakers.silent(call.request.unit(), call.patience, now);
        }
        // Without a transaction id a late answer could be taken for the next one: unless other units need the connection, a new
        // one is surer. If they do, the silent unit is not asked until its answer would be very late.
        boolean alone = !breakers.isShared();
        boolean dead = !wire.isDatagrams() && (wire.hasFragment() || alone && !framing.hasTransaction()
            || silent >= MAX_SILENT && (severalSilent || alone));
        if (dead) {
            lost(wire.hasFragment() ? "an answer stopped in the middle"
                : silent + " requests in a row remained unanswered", Reason.NOT_CONNECTED);
        } else {
            sendLater();
        }
        for (Call call : late) {
            call.fail(call.tooLate());
        }
    }

    /** A dead unit behind a gateway alone is no reason to give up the connection of the others. */
    private void countSilence(Call call) {
        int unit = call.request.unit();
        severalSilent = silent > 0 && (severalSilent || unit != silentUnit);
        silentUnit = unit;
        silent++;
    }

    // ------------------------------------------------------------------------------------------------- the answers

    private boolean frame(ByteBuffer in, int start, int length) throws MalformedException {
        int at = framing.unitAt(start);
        int index = framing.hasTransaction() ? byTransaction(Mbap.transaction(in, start)) : byUnit(in.get(at) & 0xff);
        if (index < 0) {
            LOG.debug("{}:{}: dropped an answer that came after its time-out", host, port);
            return true;
        }
        Call call = inFlight.get(index);
        int exception = Response.check(call.request, in, at, framing.pduAndUnit(length));
        inFlight.remove(index);
        answered = true;
        failures = 0;
        long nanos = loop.now() - call.sentAt;
        call.link.counter().answered(nanos, exception != 0);
        if (Call.isSilence(exception)) {
            breakers.silent(call.request.unit(), nanos, loop.now());
        } else {
            breakers.answered(call.request.unit(), nanos);
        }
        call.deliver(exception, in, at);
        return state == State.CONNECTED;
    }

    /** Which call has that id; -1 if it was given up. */
    private int byTransaction(int transaction) throws MalformedException {
        int index = inFlight.indexOf(transaction);
        if (index < 0 && !inFlight.forgetAbandoned(transaction)) {
            throw new MalformedException("transaction id " + transaction + ", which no request waits for");
        }
        return index;
    }

    /** Which call waits for that unit; -1 if an earlier one was given up. */
    private int byUnit(int unit) throws MalformedException {
        if (inFlight.count() > 0 && inFlight.get(0).request.unit() == unit) {
            return 0;
        }
        if (!inFlight.hasAbandoned()) {
            throw new MalformedException("an answer of unit " + unit + ", which was not asked");
        }
        return -1;
    }
}
