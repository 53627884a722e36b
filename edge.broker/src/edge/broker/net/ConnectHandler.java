// SPDX-License-Identifier: Apache-2.0
package edge.broker.net;

import edge.api.access.AccessDeniedException;
import edge.api.access.Caller;
import edge.broker.bus.PublishRules;
import edge.broker.bus.TopicNames;
import edge.broker.net.Wills.Will;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttConnectPayload;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttConnectVariableHeader;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttIdentifierRejectedException;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttReasonCodeAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttReasonCodes;
import io.netty.handler.codec.mqtt.MqttUnacceptableProtocolVersionException;
import io.netty.handler.codec.mqtt.MqttVersion;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a client from its connection to a session that is ready: signs it in, takes its will, and holds whatever it sends
 * behind its CONNECT until the session takes packets. Without that, a SUBSCRIBE that follows the CONNACK closely finds a
 * session that does not count as connected yet and ends the connection.
 *
 * <p>While a session is being opened nothing more is read, so that what is held is at most what one read had brought.
 */
final class ConnectHandler extends ChannelDuplexHandler {

    private static final Logger LOG = LoggerFactory.getLogger(ConnectHandler.class);
    private static final int MAX_CLIENT_ID = 256;
    /** An account's sessions that are not connected take memory too. */
    private static final int SESSIONS_PER_CONNECTION = 4;

    private enum Phase {
        NEW, OPENING, READY, ENDED
    }

    private final Hub hub;
    private final Peer peer;
    private final Queue<MqttMessage> held = new ArrayDeque<>();
    private Phase phase = Phase.NEW;
    private ScheduledFuture<?> deadline;
    private Optional<Will> will = Optional.empty();
    private MqttConnectMessage announced;
    private Optional<String> turn = Optional.empty();

    ConnectHandler(Hub hub, Peer peer) {
        this.hub = hub;
        this.peer = peer;
    }

    /** Whether a packet that could not be decoded is a CONNECT that gets an answer before the connection is closed. */
    static boolean isAnswered(MqttMessage message) {
        Throwable cause = message.decoderResult().cause();
        return cause instanceof MqttUnacceptableProtocolVersionException || cause instanceof MqttIdentifierRejectedException;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        deadline = ctx.executor().schedule(() -> {
            if (phase == Phase.NEW || phase == Phase.OPENING) {
                refuse(ctx, "no session within " + hub.settings().connectTimeout().toMillis() + " ms");
            }
        }, hub.settings().connectTimeout().toMillis(), TimeUnit.MILLISECONDS);
        ctx.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object packet) {
        MqttMessage message = (MqttMessage) packet;
        if (!message.decoderResult().isSuccess()) {
            answer(ctx, message);
            return;
        }
        boolean isConnect = message.fixedHeader().messageType() == MqttMessageType.CONNECT;
        if (phase == Phase.NEW && isConnect) {
            connect(ctx, (MqttConnectMessage) message);
        } else if (phase == Phase.READY && !isConnect) {
            pass(ctx, message);
        } else if (phase == Phase.OPENING && !isConnect) {
            held.add(message);
        } else {
            ReferenceCountUtil.release(message);
            if (phase != Phase.ENDED) {
                refuse(ctx, isConnect ? "a second CONNECT (MQTT-3.1.0-2)" : "the first packet is no CONNECT (MQTT-3.1.0-1)");
            }
        }
    }

    private void connect(ChannelHandlerContext ctx, MqttConnectMessage connect) {
        boolean mqtt5 = connect.variableHeader().version() == MqttVersion.MQTT_5.protocolLevel();
        Login.Result result = hub.login().check(connect, hostOf(peer.address()));
        if (result instanceof Login.Result.Refused refused) {
            boolean unavailable = refused.reason() == Login.Reason.UNAVAILABLE;
            deny(ctx, mqtt5,
                unavailable ? serverUnavailable(mqtt5) : mqtt5
                    ? MqttConnectReturnCode.CONNECTION_REFUSED_BAD_USERNAME_OR_PASSWORD
                    : MqttConnectReturnCode.CONNECTION_REFUSED_BAD_USER_NAME_OR_PASSWORD,
                unavailable ? "no account can be checked now" : "wrong or missing credentials");
            return;
        }
        Caller caller = ((Login.Result.Accepted) result).caller();
        peer.authenticated(caller, mqtt5);
        String clientId = connect.payload().clientIdentifier();
        Optional<Will> asked = Wills.of(connect);
        Optional<String> badWill = asked.flatMap(w -> problemOf(w, caller));
        if (badClientId(clientId, connect.variableHeader().isCleanSession() || mqtt5)) {
            deny(ctx, mqtt5, badIdentifier(mqtt5), "the client id is not usable");
        } else if (badWill.isPresent()) {
            deny(ctx, mqtt5, mqtt5 ? MqttConnectReturnCode.CONNECTION_REFUSED_NOT_AUTHORIZED_5
                : MqttConnectReturnCode.CONNECTION_REFUSED_NOT_AUTHORIZED, "its last will is refused: " + badWill.get());
        } else {
            will = asked;
            phase = Phase.OPENING;
            peer.pause(Peer.Pause.CONNECTING);
            // From here on packets may be as large as configured. What the old decoder holds comes through the new one now.
            ctx.pipeline().replace(Listener.DECODER, Listener.DECODER, new MqttDecoder(hub.settings().maxPacketBytes()));
            hub.openings().begin(clientId, () -> open(ctx, connect, caller));
        }
    }

    private static MqttConnectReturnCode badIdentifier(boolean mqtt5) {
        return mqtt5 ? MqttConnectReturnCode.CONNECTION_REFUSED_CLIENT_IDENTIFIER_NOT_VALID
            : MqttConnectReturnCode.CONNECTION_REFUSED_IDENTIFIER_REJECTED;
    }

    private static boolean badClientId(String clientId, boolean mayBeEmpty) {
        return clientId.length() > MAX_CLIENT_ID || clientId.indexOf('\0') >= 0 || clientId.isEmpty() && !mayBeEmpty;
    }

    private static MqttConnectReturnCode serverUnavailable(boolean mqtt5) {
        return mqtt5 ? MqttConnectReturnCode.CONNECTION_REFUSED_SERVER_UNAVAILABLE_5
            : MqttConnectReturnCode.CONNECTION_REFUSED_SERVER_UNAVAILABLE;
    }

    private static Optional<String> problemOf(Will will, Caller caller) {
        Optional<String> badTopic = TopicNames.problemOfName(will.topic());
        return badTopic.isPresent() ? badTopic
            : PublishRules.refusal(caller, will.topic()).map(AccessDeniedException::getMessage);
    }

    /** It is this connection's turn to open the session of its client id. */
    private void open(ChannelHandlerContext ctx, MqttConnectMessage connect, Caller caller) {
        String clientId = connect.payload().clientIdentifier();
        turn = Optional.of(clientId);
        Optional<String> owner = hub.sessions().owner(clientId);
        if (phase != Phase.OPENING) {
            endTurn();
        } else if (owner.isPresent() && !owner.get().equals(caller.name())) {
            deny(ctx, peer.isMqtt5(), badIdentifier(peer.isMqtt5()), "its client id is that of another account's session");
        } else if (owner.isEmpty() && hub.sessions().count() >= SESSIONS_PER_CONNECTION * hub.settings().maxConnections()) {
            deny(ctx, peer.isMqtt5(), serverUnavailable(peer.isMqtt5()), "there are too many sessions; let unused ones end");
        } else {
            announced = forSessions(connect, caller);
            boolean newSession = connect.variableHeader().isCleanSession();
            hub.sessions().expect(announced, () -> ready(ctx, newSession));
            ctx.fireChannelRead(announced);
        }
    }

    private void endTurn() {
        Optional<String> ended = turn;
        turn = Optional.empty();
        ended.ifPresent(hub.openings()::end);
    }

    /** The CONNECT as the sessions see it: the caller's name instead of the credentials, and no will. */
    private static MqttConnectMessage forSessions(MqttConnectMessage connect, Caller caller) {
        MqttConnectVariableHeader header = connect.variableHeader();
        return new MqttConnectMessage(connect.fixedHeader(),
            new MqttConnectVariableHeader(header.name(), header.version(), true, false, false, 0, false,
                header.isCleanSession(), header.keepAliveTimeSeconds(), header.properties()),
            new MqttConnectPayload(connect.payload().clientIdentifier(), MqttProperties.NO_PROPERTIES, null, null,
                caller.name(), null));
    }

    private void ready(ChannelHandlerContext ctx, boolean newSession) {
        if (phase != Phase.OPENING) {
            return;
        }
        phase = Phase.READY;
        deadline.cancel(false);
        hub.sessions().opened(ctx.channel(), peer.caller().name());
        String clientId = hub.sessions().clientId(ctx.channel());
        hub.wills().returned(clientId, newSession);
        peer.ready(clientId, hub.sessions().inbox(clientId));
        LOG.debug("{} is connected", peer);
        MqttMessage next = held.poll();
        while (next != null) {
            pass(ctx, next);
            next = held.poll();
        }
        peer.resume(Peer.Pause.CONNECTING);
        endTurn();
    }

    private void pass(ChannelHandlerContext ctx, MqttMessage message) {
        if (phase == Phase.ENDED) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (message.fixedHeader().messageType() == MqttMessageType.DISCONNECT) {
            phase = Phase.ENDED;
            if (!asksForWill(message)) {
                will = Optional.empty();
            }
        }
        ctx.fireChannelRead(message);
    }

    private static boolean asksForWill(MqttMessage disconnect) {
        return disconnect.variableHeader() instanceof MqttReasonCodeAndPropertiesVariableHeader header
            && header.reasonCode() != MqttReasonCodes.Disconnect.NORMAL_DISCONNECT.byteValue();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        boolean wasOpened = !peer.clientId().isEmpty();
        phase = Phase.ENDED;
        deadline.cancel(false);
        held.forEach(ReferenceCountUtil::release);
        held.clear();
        if (announced != null) {
            hub.sessions().forget(announced, ctx.channel());
        }
        if (wasOpened) {
            will.ifPresent(w -> hub.wills().release(w, peer.clientId(), peer.caller(), ctx.channel().eventLoop()));
        }
        ctx.fireChannelInactive();
        endTurn();
    }

    /** A CONNECT of a version, or with a client id, that is refused by the decoder already. */
    private void answer(ChannelHandlerContext ctx, MqttMessage message) {
        Throwable cause = message.decoderResult().cause();
        ReferenceCountUtil.release(message);
        if (phase != Phase.NEW) {
            refuse(ctx, "malformed packet: " + cause.getMessage());
            return;
        }
        deny(ctx, false, cause instanceof MqttUnacceptableProtocolVersionException
            ? MqttConnectReturnCode.CONNECTION_REFUSED_UNACCEPTABLE_PROTOCOL_VERSION
            : MqttConnectReturnCode.CONNECTION_REFUSED_IDENTIFIER_REJECTED, cause.getMessage());
    }

    private void deny(ChannelHandlerContext ctx, boolean mqtt5, MqttConnectReturnCode code, String reason) {
        phase = Phase.ENDED;
        hub.counters().connectionsRefused.increment();
        hub.log().say("Refusing {}: {}", peer, reason);
        MqttMessageBuilders.ConnAckBuilder answer = MqttMessageBuilders.connAck().returnCode(code).sessionPresent(false);
        if (mqtt5) {
            answer.properties(MqttProperties.NO_PROPERTIES);
        }
        ctx.writeAndFlush(answer.build()).addListener(ChannelFutureListener.CLOSE);
    }

    private void refuse(ChannelHandlerContext ctx, String reason) {
        phase = Phase.ENDED;
        hub.counters().connectionsRefused.increment();
        hub.log().say("Closing {}: {}", peer, reason);
        ctx.close();
    }

    private static String hostOf(String address) {
        return address.substring(0, address.lastIndexOf(':'));
    }
}
