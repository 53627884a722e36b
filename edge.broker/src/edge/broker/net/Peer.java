// SPDX-License-Identifier: Apache-2.0
package edge.broker.net;

import edge.api.access.Caller;
import edge.broker.session.Inbox;
import io.netty.channel.Channel;
import java.time.Instant;
import java.util.EnumSet;

/** One connected client. Written on the network loop only. */
final class Peer {

    /** Why nothing is read from a client for now. */
    enum Pause {
        /** Its session is being opened. */
        CONNECTING,
        /** Too much waits for the journal. */
        JOURNAL,
        /** A message was refused: the connection is about to be closed. */
        REFUSED,
        /** The session loop is busy. */
        SESSION_LOOP
    }

    private final Channel channel;
    private final EnumSet<Pause> pauses = EnumSet.noneOf(Pause.class);
    private final String address;
    private volatile Caller caller;
    private volatile String clientId = "";
    private volatile Instant since = Instant.EPOCH;
    private boolean mqtt5;
    private Inbox inbox;

    Peer(Channel channel, String address) {
        this.channel = channel;
        this.address = address;
    }

    void authenticated(Caller as, boolean version5) {
        caller = as;
        mqtt5 = version5;
    }

    void ready(String id, Inbox received) {
        inbox = received;
        since = Instant.now();
        clientId = id;
    }

    Channel channel() {
        return channel;
    }

    /** Set once it has signed in. */
    Caller caller() {
        return caller;
    }

    /** Empty until the session is ready. */
    String clientId() {
        return clientId;
    }

    String address() {
        return address;
    }

    Instant since() {
        return since;
    }

    boolean isMqtt5() {
        return mqtt5;
    }

    Inbox inbox() {
        return inbox;
    }

    boolean isPaused() {
        return !pauses.isEmpty();
    }

    void pause(Pause why) {
        if (pauses.add(why)) {
            channel.config().setAutoRead(false);
        }
    }

    void resume(Pause why) {
        if (pauses.remove(why) && pauses.isEmpty()) {
            channel.config().setAutoRead(true);
        }
    }

    @Override
    public String toString() {
        Caller known = caller;
        return (clientId.isEmpty() ? "client" : "client " + clientId) + (known == null ? "" : " (" + known.name() + ")")
            + " at " + address;
    }
}
