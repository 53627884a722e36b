// SPDX-License-Identifier: Apache-2.0
package edge.broker.net;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageIdVariableHeader;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttPubReplyMessageVariableHeader;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttReasonCodeAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.netty.handler.codec.mqtt.MqttUnacceptableProtocolVersionException;
import io.netty.handler.codec.mqtt.MqttUnsubscribeMessage;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of one connection: its CONNECT, what it sends after, and its end. What a client sends behind its CONNECT is held until
 * the session is open; nothing more is read meanwhile, so that what is held is at most what one read had brought.
 */
final class PacketHandler extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(PacketHandler.class);

    enum Phase {
        NEW, OPENING, READY, ENDED
    }

    private final Hub hub;
    private final Client client;
    private final Greeting greeting;
    private final Intake intake;
    private final Requests requests;
    private Queue<MqttMessage> held;
    private Phase phase = Phase.NEW;

    PacketHandler(Hub hub, Client client) {
        this.hub = hub;
        this.client = client;
        greeting = new Greeting(hub, client, this);
        intake = new Intake(hub, client);
        requests = new Requests(hub, client);
    }

    Phase phase() {
        return phase;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object packet) {
        MqttMessage message = (MqttMessage) packet;
        try {
            if (phase != Phase.ENDED && !client.isClosing()) {
                read(ctx, message);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void read(ChannelHandlerContext ctx, MqttMessage message) {
        if (!message.decoderResult().isSuccess()) {
            malformed(message.decoderResult().cause());
            return;
        }
        int size = message.fixedHeader().remainingLength() + 2;
        client.hasRead(size);
        hub.counters().bytesIn.add(size);
        Optional<String> problem = Guard.problemOf(message, client.isMqtt5());
        boolean isConnect = message.fixedHeader().messageType() == MqttMessageType.CONNECT;
        if (problem.isPresent()) {
            refuse(Reason.PROTOCOL_ERROR, "malformed packet", problem.get());
        } else if (phase == Phase.NEW && isConnect) {
            greeting.connect(ctx, (MqttConnectMessage) message);
        } else if (phase == Phase.READY && !isConnect) {
            handle(message);
        } else if (phase == Phase.OPENING && !isConnect) {
            hold(message);
        } else {
            refuse(Reason.PROTOCOL_ERROR, "protocol error", isConnect ? "a second CONNECT (MQTT-3.1.0-2)"
                : "the first packet is no CONNECT (MQTT-3.1.0-1)");
        }
    }

    private void hold(MqttMessage message) {
        if (held == null) {
            held = new ArrayDeque<>();
        }
        held.add(ReferenceCountUtil.retain(message));
    }

    private void handle(MqttMessage message) {
        switch (message.fixedHeader().messageType()) {
            case PUBLISH -> intake.publish((MqttPublishMessage) message);
            case PUBACK -> client.session().acknowledged(packetId(message));
            case PUBREC -> received(message);
            case PUBREL -> intake.release(packetId(message));
            case PUBCOMP -> client.session().completed(packetId(message));
            case SUBSCRIBE -> requests.subscribe((MqttSubscribeMessage) message);
            case UNSUBSCRIBE -> requests.unsubscribe((MqttUnsubscribeMessage) message);
            case PINGREQ -> Packets.pingResponse(client.out());
            default -> disconnect(message);
        }
    }

    private static int packetId(MqttMessage message) {
        return ((MqttMessageIdVariableHeader) message.variableHeader()).messageId();
    }

    private void received(MqttMessage message) {
        int packetId = packetId(message);
        boolean refused = message.variableHeader() instanceof MqttPubReplyMessageVariableHeader header
            && (header.reasonCode() & 0xFF) >= Reason.UNSPECIFIED;
        if (refused) {
            client.session().refused(packetId);
        } else if (!client.session().received(packetId)) {
            // The message is settled: the client only has to hear it again.
            client.answer(Packets.PUBREL, packetId, client.isMqtt5() ? Reason.PACKET_ID_NOT_FOUND : Reason.SUCCESS);
        }
    }

    private void disconnect(MqttMessage message) {
        boolean withWill = false;
        if (message.variableHeader() instanceof MqttReasonCodeAndPropertiesVariableHeader header) {
            withWill = header.reasonCode() != 0;
            long expiry = Properties5.number(header.properties(), Properties5.SESSION_EXPIRY, -1);
            if (expiry > 0 && client.session().expirySeconds() == 0) {
                refuse(Reason.PROTOCOL_ERROR, "protocol error", "a session that ends with its connection cannot be prolonged (MQTT5-3.14.2-2)");
                return;
            }
            if (expiry >= 0) {
                client.session().expireAfter(Math.min(expiry, hub.settings().sessionExpiry().toSeconds()));
            }
        }
        if (!withWill) {
            client.will(Optional.empty());
        }
        phase = Phase.ENDED;
        client.close(Reason.SUCCESS);
    }

    /** The session is being opened: what comes is held. */
    void opening() {
        phase = Phase.OPENING;
        client.pause(Client.Pause.OPENING);
    }

    /** The session takes packets. */
    void ready() {
        phase = Phase.READY;
        while (held != null && !held.isEmpty()) {
            MqttMessage next = held.poll();
            try {
                if (phase == Phase.READY && !client.isClosing()) {
                    handle(next);
                }
            } finally {
                ReferenceCountUtil.release(next);
            }
        }
        held = null;
        client.resume(Client.Pause.OPENING);
    }

    private void malformed(Throwable cause) {
        if (phase == Phase.NEW && cause instanceof MqttUnacceptableProtocolVersionException) {
            greeting.deny(Reason.UNSUPPORTED_VERSION, "unknown protocol version", String.valueOf(cause.getMessage()));
        } else if (cause instanceof TooLongFrameException) {
            refuse(Reason.PACKET_TOO_LARGE, "packet too large", String.valueOf(cause.getMessage()));
        } else {
            refuse(Reason.MALFORMED_PACKET, "malformed packet", String.valueOf(cause.getMessage()));
        }
    }

    /**
     * Ends the connection of a client that does not keep to the rules.
     *
     * @param kind as it is counted
     */
    void refuse(int reason, String kind, String detail) {
        phase = Phase.ENDED;
        hub.counters().refused(kind);
        hub.counters().connectionsRefused.increment();
        hub.log().say("Closing {}: {}", client, detail);
        client.close(reason);
    }

    /** Once in a while: whether the client may stay. */
    void check(long now) {
        boolean waiting = phase == Phase.NEW || phase == Phase.OPENING;
        if (waiting && now - client.accepted() > hub.settings().connectTimeout().toNanos()) {
            refuse(Reason.SERVER_UNAVAILABLE, "connect time-out",
                "no session within " + hub.settings().connectTimeout().toMillis() + " ms");
        } else if (phase == Phase.READY && client.isSilent(now)) {
            phase = Phase.ENDED;
            hub.counters().refused("keep-alive time-out");
            hub.log().say("Closing {}: silent for one and a half times its keep-alive", client);
            client.close(Reason.KEEP_ALIVE_TIMEOUT);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (phase == Phase.READY && ctx.channel().isWritable()) {
            client.session().pump();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == Farewell.BEGUN) {
            end();
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    /** The connection is gone. */
    void gone() {
        end();
        hub.clients().remove(client);
    }

    private void end() {
        leave();
        if (held != null) {
            held.forEach(ReferenceCountUtil::release);
            held = null;
        }
        client.end();
    }

    /** Parts the connection from its session: it ends, or another one takes the session over. */
    void leave() {
        phase = Phase.ENDED;
        if (client.session() != null && hub.clients().find(client.clientId()).filter(c -> c == client).isPresent()) {
            hub.clients().left(client);
            client.session().disconnected();
            client.will().ifPresent(w ->
                hub.wills().release(w, client.clientId(), client.caller(), client.channel().eventLoop()));
            if (client.session().expirySeconds() == 0) {
                hub.sessions().end(client.session());
            }
            client.parted();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        Throwable root = cause.getCause() instanceof SSLException ? cause.getCause() : cause;
        if (root instanceof SSLException) {
            hub.counters().refused("TLS");
            hub.counters().connectionsRefused.increment();
            hub.log().say("Closing {}: {}", client, root.getMessage());
        } else if (cause instanceof IOException) {
            LOG.debug("Connection of {} broke", client, cause);
        } else {
            LOG.warn("Closing {} because of an unexpected failure", client, cause);
        }
        ctx.close();
    }
}
