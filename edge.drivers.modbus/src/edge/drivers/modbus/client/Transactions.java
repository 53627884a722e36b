// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.client;

import edge.api.device.Quality.Reason;
import edge.drivers.modbus.codec.Framing;
import edge.drivers.modbus.codec.MalformedException;
import edge.drivers.modbus.codec.Mbap;
import edge.drivers.modbus.codec.Response;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests and answers on one connection: sends queued requests as far as the number in flight allows, matches answers, and finds
 * those that remain unanswered. Lives on the loop's thread.
 */
final class Transactions {
    private static final Logger LOG = LoggerFactory.getLogger(Transactions.class);
    /** So many unanswered requests in a row, without one byte in between, and the connection is taken for dead. */
    private static final int MAX_SILENT = 2;

    private final EventLoop loop;
    private final Framing framing;
    private final Wire wire;
    private final Wire.FrameHandler frames = this::frame;
    private final InFlight inFlight = new InFlight();
    private final Breakers breakers = new Breakers();
    private final CallQueue queue = new CallQueue(breakers);

    private boolean answered;
    private int silent;
    private int silentUnit;
    private boolean severalSilent;

    Transactions(EventLoop loop, Framing framing, Wire wire) {
        this.loop = loop;
        this.framing = framing;
        this.wire = wire;
    }

    /** The wire is a new connection. */
    void begin() {
        answered = false;
        silent = 0;
    }

    /** Whether a valid answer has come over this connection. */
    boolean hasAnswered() {
        return answered;
    }

    /** @return why not, if too many are waiting */
    Failure add(Call call, int most) {
        return queue.add(call, most);
    }

    /** Takes out all calls of a link, sent or not. */
    List<Call> take(Link link) {
        List<Call> taken = new ArrayList<>();
        for (int i = inFlight.count() - 1; i >= 0; i--) {
            if (inFlight.get(i).link == link) {
                breakers.forgetProbe(inFlight.get(i).request.unit());
                taken.add(inFlight.abandon(i));
            }
        }
        taken.addAll(queue.take(call -> call.link == link));
        return taken;
    }

    /** Takes out all calls that are not sent. */
    List<Call> takeUnsent() {
        return queue.takeAll();
    }

    /** The connection has ended: takes out all calls that are sent. */
    List<Call> end() {
        List<Call> sent = new ArrayList<>();
        while (inFlight.count() > 0) {
            sent.add(inFlight.remove(0));
        }
        inFlight.clear();
        breakers.forgetProbes();
        answered = false;
        return sent;
    }

    // ------------------------------------------------------------------------------------------------ the requests

    void transmit(int maxInFlight) throws IOException {
        List<Call> refused = queue.takeRefused(loop.now());
        int most = framing.hasTransaction() ? maxInFlight : 1;
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

    /** Gives up what took too long; the caller fails it. */
    List<Call> takeLate(long now) {
        List<Call> late = List.of();
        for (int i = inFlight.count() - 1; i >= 0; i--) {
            Call call = inFlight.get(i);
            if (now - call.deadline() < 0) {
                loop.wakeAt(call.deadline());
                continue;
            }
            late = late.isEmpty() ? new ArrayList<>() : late;
            late.add(inFlight.abandon(i));
        }
        for (Call call : late) {
            countSilence(call);
            call.link.counter().failed(Reason.TIMEOUT, now - call.sentAt);
            breakers.silent(call.request.unit(), call.patience, now);
        }
        return late;
    }

    /** A dead unit behind a gateway alone is no reason to give up the connection of the others. */
    private void countSilence(Call call) {
        int unit = call.request.unit();
        severalSilent = silent > 0 && (severalSilent || unit != silentUnit);
        silentUnit = unit;
        silent++;
    }

    /**
     * After a time-out, why the connection is not to be trusted any more; empty if it is. Without a transaction id a late answer
     * could be taken for the next one: unless other units need the connection, a new one is surer. If they do, the silent unit is
     * not asked until its answer would be very late.
     */
    String whyDead() {
        if (wire.isDatagrams()) {
            return "";
        } else if (wire.hasFragment()) {
            return "an answer stopped in the middle";
        }
        boolean alone = !breakers.isShared();
        return alone && !framing.hasTransaction() || silent >= MAX_SILENT && (severalSilent || alone)
            ? silent + " requests in a row remained unanswered" : "";
    }

    // ------------------------------------------------------------------------------------------------- the answers

    void receive() throws IOException, MalformedException {
        silent = 0;
        wire.receive(frames);
        if (wire.isOpen() && wire.hasFragment() && inFlight.count() == 0 && !inFlight.hasAbandoned()) {
            throw new MalformedException("bytes that nobody asked for");
        }
    }

    private boolean frame(ByteBuffer in, int start, int length) throws MalformedException {
        int at = framing.unitAt(start);
        int index = framing.hasTransaction() ? byTransaction(Mbap.transaction(in, start)) : byUnit(in.get(at) & 0xff);
        if (index < 0) {
            LOG.debug("Dropped an answer that came after its time-out");
            return true;
        }
        Call call = inFlight.get(index);
        int exception = Response.check(call.request, in, at, framing.pduAndUnit(length));
        inFlight.remove(index);
        answered = true;
        long nanos = loop.now() - call.sentAt;
        call.link.counter().answered(nanos, exception != 0);
        if (Call.isSilence(exception)) {
            breakers.silent(call.request.unit(), nanos, loop.now());
        } else {
            breakers.answered(call.request.unit(), nanos);
        }
        call.deliver(exception, in, at);
        // Whoever got the answer may have closed the last link.
        return wire.isOpen();
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
