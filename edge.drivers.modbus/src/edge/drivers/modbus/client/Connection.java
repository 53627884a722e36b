// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.client;

import edge.api.device.LinkState;
import edge.api.device.Quality.Reason;
import edge.drivers.modbus.codec.ExceptionCode;
import edge.drivers.modbus.codec.MalformedException;
import edge.drivers.modbus.codec.Mbap;
import edge.drivers.modbus.codec.Response;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to one host and port, shared by its links: connects, sends queued requests as far as the number in flight
 * allows, matches answers, and connects again with growing pauses. Lives on the loop's thread.
 */
final class Connection {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
    /** So many unanswered requests in a row, without one byte in between, and the connection is taken for dead. */
    private static final int MAX_SILENT = 2;

    private enum State { NEW, CONNECTING, CONNECTED, WAITING, CLOSED }

    private final EventLoop loop;
    private final Resolver resolver;
    private final String host;
    private final int port;
    private final Wire wire = new Wire();
    private final Wire.FrameHandler frames = this::frame;
    private final InFlight inFlight = new InFlight();
    private final ArrayDeque<Call> queue = new ArrayDeque<>();
    private final List<Link> users = new ArrayList<>();
    private final BitSet units = new BitSet();

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

    Connection(EventLoop loop, Resolver resolver, String host, int port) {
        this.loop = loop;
        this.resolver = resolver;
        this.host = host;
        this.port = port;
    }

    // ------------------------------------------------------------------------------------------------- its users

    void add(Link link) {
        users.add(link);
        settings = users.stream().map(Link::settings).reduce(LinkSettings::gentler).orElseThrow();
        if (state == State.NEW) {
            loop.add(this);
            connect();
        } else {
            link.publish(published);
        }
    }

    /**
     * Removes a user; its requests fail as PAUSED.
     *
     * @return whether nobody is left: the connection is closed then
     */
    boolean remove(Link link) {
        users.remove(link);
        List<Call> gone = new ArrayList<>();
        for (int i = inFlight.count() - 1; i >= 0; i--) {
            if (inFlight.get(i).link == link) {
                gone.add(inFlight.abandon(i));
            }
        }
        for (Iterator<Call> waiting = queue.iterator(); waiting.hasNext();) {
            Call call = waiting.next();
            if (call.link == link) {
                waiting.remove();
                gone.add(call);
            }
        }
        if (users.isEmpty()) {
            state = State.CLOSED;
            wire.close();
            loop.remove(this);
        } else {
            settings = users.stream().map(Link::settings).reduce(LinkSettings::gentler).orElseThrow();
            sendLater();
        }
        fail(gone, Failure.PAUSED);
        return users.isEmpty();
    }

    void offer(Call call) {
        if (queue.size() >= settings.maxQueued()) {
            fail(call, Failure.of(Reason.TIMEOUT, queue.size() + " requests are waiting already: more is asked than the"
                + " device answers; longer periods may help"));
            return;
        }
        queue.add(call);
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
        resolver.resolve(host, port, address -> {
            if (loop.inLoop()) {
                resolved(current, address);
            } else {
                loop.execute(() -> resolved(current, address));
            }
        });
    }

    private void resolved(int current, InetSocketAddress address) {
        if (state != State.CONNECTING || current != attempt) {
            return;
        }
        if (address.isUnresolved()) {
            lost("the host name '" + host + "' is unknown; check host and the gateway's name server", Reason.NOT_CONNECTED);
            return;
        }
        try {
            if (wire.open(address, loop.selector(), this)) {
                connected();
            }
        } catch (IOException | RuntimeException e) {
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
        if (text.startsWith("Connection refused")) {
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
        List<Call> unsent = List.of();
        if (answered) {
            answered = false;
            failures = 1;
            whyNotConnected = Failure.of(Reason.NOT_CONNECTED, why);
            connect();
        } else {
            failures++;
            unsent = List.copyOf(queue);
            queue.clear();
            pause(why);
        }
        fail(sent, Failure.of(reason, why));
        fail(unsent, whyNotConnected);
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
                wire.finishConnect();
                connected();
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
            List<Call> gone = new ArrayList<>(queue);
            queue.clear();
            fail(gone, whyNotConnected);
        } else if (state == State.CONNECTED) {
            try {
                transmit();
            } catch (IOException e) {
                lost(describe(e), Reason.NOT_CONNECTED);
            }
        }
    }

    private void transmit() throws IOException {
        ByteBuffer out = wire.out();
        while (!queue.isEmpty() && inFlight.count() < settings.maxInFlight() && wire.hasRoom()) {
            Call call = queue.poll();
            inFlight.add(call);
            units.set(call.request.unit());
            call.deadline = loop.now() + call.timeoutNanos;
            loop.wakeAt(call.deadline);
            call.request.encode(call.transaction, out);
        }
        if (out.position() > 0) {
            wire.flush();
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
        return wire.isOpen() ? "no connection" + within + "; check host, network and the device's power"
            : "the name server has not told the address of '" + host + "'" + within + "; check the gateway's name server";
    }

    private void sweepInFlight(long now) {
        List<Call> late = null;
        for (int i = inFlight.count() - 1; i >= 0; i--) {
            Call call = inFlight.get(i);
            if (now - call.deadline < 0) {
                loop.wakeAt(call.deadline);
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
        }
        boolean dead = wire.hasFragment() || silent >= MAX_SILENT && (severalSilent || units.cardinality() == 1);
        if (dead) {
            lost(wire.hasFragment() ? "an answer stopped in the middle"
                : silent + " requests in a row remained unanswered", Reason.NOT_CONNECTED);
        } else {
            sendLater();
        }
        for (Call call : late) {
            fail(call, Failure.of(Reason.TIMEOUT, "no answer within " + call.timeoutNanos / 1_000_000 + " ms"));
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
        int transaction = Mbap.transaction(in, start);
        int index = inFlight.indexOf(transaction);
        if (index < 0) {
            if (inFlight.forgetAbandoned(transaction)) {
                LOG.debug("{}:{}: dropped an answer that came after its time-out", host, port);
                return true;
            }
            throw new MalformedException("transaction id " + transaction + ", which no request waits for");
        }
        Call call = inFlight.get(index);
        int exception = Response.check(call.request, in, start, length);
        inFlight.remove(index);
        answered = true;
        failures = 0;
        deliver(call, exception, in, start);
        return state == State.CONNECTED;
    }

    private void deliver(Call call, int exception, ByteBuffer in, int start) {
        if (exception != 0) {
            fail(call, new Failure(Reason.REJECTED, exception, ExceptionCode.describe(exception)));
            return;
        }
        try {
            call.handler.answered(call.request, in, Response.dataStart(start));
        } catch (RuntimeException | Error e) {
            LOG.error("{}:{}: handling the answer to {} failed", host, port, call.request, e);
        }
    }

    private void fail(List<Call> calls, Failure failure) {
        for (Call call : calls) {
            fail(call, failure);
        }
    }

    static void fail(Call call, Failure failure) {
        try {
            call.handler.failed(call.request, failure);
        } catch (RuntimeException | Error e) {
            LOG.error("Handling the failure of {} failed", call.request, e);
        }
    }
}
