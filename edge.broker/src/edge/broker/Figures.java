// SPDX-License-Identifier: Apache-2.0
package edge.broker;

import edge.api.message.BrokerFigures;
import edge.broker.net.Clients;
import edge.broker.session.RetainedMessages;
import edge.broker.session.Sessions;

/** Makes figures of what the broker counts. What belongs to the loop is looked at there once a second. */
final class Figures {

    /** The weight of the newest second in the rates: about ten seconds count. */
    private static final double NEWEST = 0.2;
    private static final double BILLION = 1e9;

    private record Look(int sessions, int subscriptions, int retained, long queued) {
    }

    private final Counters counters;
    private final Clients clients;
    private final Sessions sessions;
    private final RetainedMessages retained;
    private volatile Look look = new Look(0, 0, 0, 0);
    private volatile double in;
    private volatile double out;
    // Of the loop only.
    private long lastIn;
    private long lastOut;
    private long lastTurn = System.nanoTime();

    Figures(Counters counters, Clients clients, Sessions sessions, RetainedMessages retained) {
        this.counters = counters;
        this.clients = clients;
        this.sessions = sessions;
        this.retained = retained;
    }

    /** Loop only, once a second. */
    void turn() {
        look = new Look(sessions.count(), sessions.subscriptions(), retained.count(), sessions.queued());
        long now = System.nanoTime();
        double seconds = (now - lastTurn) / BILLION;
        long totalIn = counters.messagesIn.sum();
        long totalOut = counters.messagesOut.sum();
        in = in * (1 - NEWEST) + (totalIn - lastIn) / seconds * NEWEST;
        out = out * (1 - NEWEST) + (totalOut - lastOut) / seconds * NEWEST;
        lastIn = totalIn;
        lastOut = totalOut;
        lastTurn = now;
    }

    int sessions() {
        return sessions.count();
    }

    /** Any thread. */
    BrokerFigures now() {
        Look seen = look;
        return new BrokerFigures(clients.count(), seen.sessions(), seen.subscriptions(), seen.retained(), seen.queued(),
            counters.messagesIn.sum(), counters.messagesOut.sum(), counters.bytesIn.sum(), counters.bytesOut.sum(), in, out,
            counters.dropped.sum(), counters.refusals(), counters.latency().micros(0.5), counters.latency().micros(0.99),
            clients.figures());
    }
}
