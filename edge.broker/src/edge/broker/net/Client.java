// SPDX-License-Identifier: Apache-2.0
package edge.broker.net;

import edge.api.access.Caller;
import edge.api.message.BrokerFigures.ClientFigures;
import edge.broker.session.Link;
import edge.broker.session.Parcel;
import edge.broker.session.Session;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** One connection, from its first byte to its last. Loop only, except what is volatile. */
final class Client implements Link {

    /** Why nothing is read from a client for now. */
    enum Pause {
        /** Its session is being opened. */
        OPENING,
        /** Too much waits to be stored. */
        STORING,
        /** It is faster than it may be. */
        RATE,
        /** A message was refused: the connection is about to be closed. */
        REFUSED
    }

    /** So much is written at once, before the loop's turn is over. */
    private static final int MUCH = 64 << 10;
    private static final int FIRST_BUFFER = 256;
    private static final long UNLIMITED = Long.MAX_VALUE;

    private final Hub hub;
    private final Channel channel;
    private final ListenerSettings listener;
    private final String address;
    private final long accepted = System.nanoTime();
    private final EnumSet<Pause> pauses = EnumSet.noneOf(Pause.class);
    private ByteBuf out;
    private boolean ended;
    private boolean closing;
    private volatile boolean parted;

    private volatile Caller caller;
    private volatile String clientId = "";
    private volatile Instant since = Instant.EPOCH;
    private volatile Session session;
    private Optional<Will> will = Optional.empty();
    private PacketHandler handler;
    private boolean mqtt5;
    private int window;
    private long largestPacket = UNLIMITED;
    private long silenceNanos;
    private long lastRead = accepted;

    private volatile long messagesIn;
    private volatile long messagesOut;
    private volatile long bytesIn;
    private volatile long bytesOut;

    Client(Hub hub, Channel channel, ListenerSettings listener, String address) {
        this.hub = hub;
        this.channel = channel;
        this.listener = listener;
        this.address = address;
        window = hub.settings().inFlight();
    }

    Channel channel() {
        return channel;
    }

    ListenerSettings listener() {
        return listener;
    }

    /** Host and port that it comes from. */
    String address() {
        return address;
    }

    String host() {
        return address.substring(0, address.lastIndexOf(':'));
    }

    long accepted() {
        return accepted;
    }

    /** Set once it has signed in. */
    Caller caller() {
        return caller;
    }

    void signedIn(Caller as) {
        caller = as;
    }

    boolean isMqtt5() {
        return mqtt5;
    }

    void speaksMqtt5() {
        mqtt5 = true;
    }

    /**
     * What the client says it can take.
     *
     * @param keepAliveSeconds 0 for any silence
     */
    void limits(int keepAliveSeconds, long receiveMaximum, long maximumPacket) {
        silenceNanos = TimeUnit.MILLISECONDS.toNanos(keepAliveSeconds * 1_500L);
        window = (int) Math.min(window, receiveMaximum);
        largestPacket = maximumPacket;
    }

    /** Its session takes packets. */
    void ready(String id, Session opened) {
        clientId = id;
        session = opened;
        since = Instant.now();
        lastRead = System.nanoTime();
    }

    /** Another connection may have its session now, or nobody. */
    void parted() {
        parted = true;
    }

    /** Whether it has its session. Any thread. */
    boolean isConnected() {
        return session != null && !parted;
    }

    /** Empty until the session is ready. */
    String clientId() {
        return clientId;
    }

    /** Null until the session is ready. */
    Session session() {
        return session;
    }

    Instant since() {
        return since;
    }

    PacketHandler handler() {
        return handler;
    }

    void handledBy(PacketHandler by) {
        handler = by;
    }

    Optional<Will> will() {
        return will;
    }

    void will(Optional<Will> last) {
        will = last;
    }

    // ------------------------------------------------------------------------------------------------- reading

    void hasRead(int bytes) {
        lastRead = System.nanoTime();
        bytesIn += bytes;
    }

    /** Whether it has been silent for one and a half times its keep-alive. While we do not read, silence means nothing. */
    boolean isSilent(long now) {
        return silenceNanos > 0 && pauses.isEmpty() && now - lastRead > silenceNanos;
    }

    void pause(Pause why) {
        if (!closing && pauses.add(why)) {
            channel.config().setAutoRead(false);
        }
    }

    void resume(Pause why) {
        if (pauses.remove(why) && pauses.isEmpty()) {
            lastRead = System.nanoTime();
            channel.config().setAutoRead(true);
        }
    }

    void published() {
        messagesIn++;
        hub.counters().messagesIn.increment();
    }

    // ------------------------------------------------------------------------------------------------- writing

    /** The buffer that packets for the client are written into; what is in it leaves at the end of the loop's turn. */
    ByteBuf out() {
        if (out == null) {
            out = channel.alloc().directBuffer(FIRST_BUFFER);
            hub.flusher().add(this);
        }
        return out;
    }

    /** Writes what waits, and closes if that was the last. */
    void flush() {
        ByteBuf full = out;
        out = null;
        if (full != null && (ended || !channel.isActive())) {
            full.release();
        } else if (full != null) {
            int size = full.readableBytes();
            bytesOut += size;
            hub.counters().bytesOut.add(size);
            channel.writeAndFlush(full, channel.voidPromise());
        }
        if (closing && !ended) {
            ended = true;
            channel.close();
        }
    }

    @Override
    public boolean isWritable() {
        if (out != null && out.readableBytes() >= MUCH) {
            flush();
        }
        return !closing && channel.isWritable();
    }

    @Override
    public int window() {
        return window;
    }

    @Override
    public boolean send(Parcel parcel, int qos, boolean duplicate, boolean retain, int packetId, int[] ids) {
        int size = Packets.publishSize(parcel, qos, mqtt5, ids);
        if (1L + Packets.variableSize(size) + size > largestPacket) {
            return false;
        }
        if (!closing) {
            Packets.publish(out(), parcel, size, qos, duplicate, retain, packetId, mqtt5, ids);
            messagesOut++;
            hub.counters().sent(parcel.entered());
        }
        return true;
    }

    @Override
    public void release(int packetId) {
        answer(Packets.PUBREL, packetId, Reason.SUCCESS);
    }

    void answer(int type, int packetId, int reason) {
        if (!closing) {
            Packets.answer(out(), type, packetId, reason);
        }
    }

    boolean isClosing() {
        return closing;
    }

    /**
     * Closes at the end of the loop's turn, as {@link Farewell} has it. A client of MQTT 5 is told why, unless it wanted to go.
     */
    void close(int reason) {
        if (closing) {
            return;
        }
        if (mqtt5 && session != null && reason != Reason.SUCCESS) {
            Packets.disconnect(out(), reason);
        }
        closing = true;
        hub.flusher().add(this);
    }

    /** Nothing can be written any more. */
    void end() {
        closing = true;
        ended = true;
        if (out != null) {
            out.release();
            out = null;
        }
    }

    /** What is told of it while it has its session. Any thread. */
    Optional<ClientFigures> figures() {
        Session known = session;
        return !isConnected() ? Optional.empty()
            : Optional.of(new ClientFigures(clientId, caller.name(), address, listener.name(), since, mqtt5 ? "5" : "3.1.1",
                messagesIn, messagesOut, bytesIn, bytesOut, known.queued(), known.dropped()));
    }

    @Override
    public String toString() {
        Caller known = caller;
        return (clientId.isEmpty() ? "client" : "client " + clientId) + (known == null ? "" : " (" + known.name() + ")")
            + " at " + address;
    }
}
