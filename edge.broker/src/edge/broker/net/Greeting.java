// SPDX-License-Identifier: Apache-2.0
package edge.broker.net;

import edge.api.access.AccessDeniedException;
import edge.api.access.Caller;
import edge.broker.base.TopicNames;
import edge.broker.session.Session;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers a CONNECT: who it is, whether he may, and which session is his. Loop only. */
final class Greeting {

    private static final Logger LOG = LoggerFactory.getLogger(Greeting.class);
    private static final int MAX_CLIENT_ID = 256;
    /** Sessions that are not connected take memory too. */
    private static final int SESSIONS_PER_CONNECTION = 4;
    /** So many topics may a client of MQTT 5 give a number. */
    static final int TOPIC_ALIASES = 16;
    private static final long MOST_RECEIVED = 65_535;

    private final Hub hub;
    private final Client client;
    private final PacketHandler handler;

    Greeting(Hub hub, Client client, PacketHandler handler) {
        this.hub = hub;
        this.client = client;
        this.handler = handler;
    }

    void connect(ChannelHandlerContext ctx, MqttConnectMessage connect) {
        MqttProperties properties = connect.variableHeader().properties();
        if (connect.variableHeader().version() == MqttVersion.MQTT_5.protocolLevel()) {
            client.speaksMqtt5();
            if (properties.getProperty(Properties5.AUTHENTICATION_METHOD) != null) {
                deny(Reason.BAD_AUTHENTICATION_METHOD, "credentials", "enhanced authentication is not offered");
                return;
            }
        }
        boolean anonymous = client.listener().anonymousAllowed();
        Login.Result result = hub.login().check(connect, client.host(), anonymous, Tls.name(ctx.pipeline()));
        if (result instanceof Login.Result.Refused refused) {
            boolean unavailable = refused.reason() == Login.Reason.UNAVAILABLE;
            deny(unavailable ? Reason.SERVER_UNAVAILABLE : Reason.BAD_CREDENTIALS, "credentials",
                unavailable ? "no account can be checked now" : "wrong or missing credentials");
            return;
        }
        client.signedIn(((Login.Result.Accepted) result).caller());
        String asked = connect.payload().clientIdentifier();
        String clientId = asked.isEmpty() ? "edge-" + UUID.randomUUID() : asked;
        Optional<Will> will = Will.of(connect);
        Optional<String> badWill = will.flatMap(w -> problemOf(w, clientId));
        Optional<Session> known = hub.sessions().find(clientId);
        boolean clean = connect.variableHeader().isCleanSession();
        if (asked.isEmpty() && !clean && !client.isMqtt5()) {
            deny(Reason.CLIENT_ID_NOT_VALID, "client id", "a session that is to be kept needs a client id (MQTT-3.1.3-8)");
        } else if (asked.length() > MAX_CLIENT_ID) {
            deny(Reason.CLIENT_ID_NOT_VALID, "client id", "its client id is longer than " + MAX_CLIENT_ID + " characters");
        } else if (badWill.isPresent()) {
            deny(Reason.NOT_AUTHORIZED, "last will", "its last will is refused: " + badWill.get());
        } else if (known.isPresent() && !known.get().owner().equals(client.caller().name())) {
            deny(Reason.CLIENT_ID_NOT_VALID, "client id", "its client id is that of another account's session");
        } else if (known.isEmpty()
            && hub.sessions().count() >= SESSIONS_PER_CONNECTION * hub.settings().maxConnections()) {
            deny(Reason.SERVER_BUSY, "too many sessions", "there are too many sessions; let unused ones end");
        } else {
            client.will(will);
            client.limits(connect.variableHeader().keepAliveTimeSeconds(),
                Properties5.number(properties, Properties5.RECEIVE_MAXIMUM, MOST_RECEIVED),
                Properties5.number(properties, Properties5.MAXIMUM_PACKET_SIZE, Long.MAX_VALUE));
            open(ctx, clientId, asked.isEmpty(), clean, expiry(clean, properties));
        }
    }

    private long expiry(boolean clean, MqttProperties properties) {
        long most = hub.settings().sessionExpiry().toSeconds();
        return client.isMqtt5() ? Math.min(Properties5.number(properties, Properties5.SESSION_EXPIRY, 0), most)
            : clean ? 0 : most;
    }

    private Optional<String> problemOf(Will will, String clientId) {
        Optional<String> badTopic = TopicNames.problemOfName(will.topic());
        return badTopic.isPresent() ? badTopic : hub.rules().get()
            .publishing(client.caller(), clientId, will.topic(), will.retain(), true).map(AccessDeniedException::getMessage);
    }

    private void open(ChannelHandlerContext ctx, String clientId, boolean assigned, boolean clean, long expiry) {
        takeOver(clientId);
        Optional<Session> known = hub.sessions().find(clientId).filter(session -> !clean && session.isDurable());
        known.ifPresent(session -> session.expireAfter(expiry));
        Session session = known.orElseGet(() ->
            hub.sessions().begin(clientId, client.caller().name(), expiry > 0, expiry));
        handler.opening();
        ctx.pipeline().get(PacketDecoder.class).allow(hub.settings().maxPacketBytes());
        hub.sessions().whenSafe(session, () -> ready(session, assigned, known.isPresent()));
    }

    /** Ends the connection that has the session now (MQTT-3.1.4-2). */
    private void takeOver(String clientId) {
        hub.clients().find(clientId).filter(other -> other != client).ifPresent(other -> {
            LOG.debug("{} takes the session of {} over", client, other);
            other.handler().leave();
            other.close(Reason.TAKEN_OVER);
        });
    }

    private void ready(Session session, boolean assigned, boolean present) {
        if (handler.phase() != PacketHandler.Phase.OPENING) {
            return;
        }
        if (hub.sessions().find(session.clientId()).filter(s -> s == session).isEmpty()) {
            handler.refuse(Reason.TAKEN_OVER, "taken over", "another connection has begun a new session meanwhile");
            return;
        }
        takeOver(session.clientId());
        if (hub.sessions().find(session.clientId()).isEmpty()) {
            handler.refuse(Reason.TAKEN_OVER, "taken over", "its session ended with another connection");
            return;
        }
        Packets.connack(client.out(), present, Reason.SUCCESS, client.isMqtt5() ? properties(session, assigned) : null);
        client.ready(session.clientId(), session);
        hub.clients().ready(client);
        hub.wills().returned(session.clientId(), !present);
        LOG.debug("{} is connected", client);
        hub.sessions().connected(session, client);
        handler.ready();
    }

    private byte[] properties(Session session, boolean assigned) {
        ByteBuf out = Unpooled.buffer(32);
        out.writeByte(Properties5.SESSION_EXPIRY).writeInt((int) session.expirySeconds());
        out.writeByte(Properties5.RECEIVE_MAXIMUM).writeShort(Intake.RECEIVE_MAXIMUM);
        out.writeByte(Properties5.TOPIC_ALIAS_MAXIMUM).writeShort(TOPIC_ALIASES);
        out.writeByte(Properties5.MAXIMUM_PACKET_SIZE).writeInt(hub.settings().maxPacketBytes());
        if (assigned) {
            out.writeByte(Properties5.ASSIGNED_CLIENT_ID);
            Properties5.text(out, session.clientId());
        }
        return ByteBufUtil.getBytes(out);
    }

    /**
     * Refuses the client and closes.
     *
     * @param reason of MQTT 5
     * @param kind as it is counted
     */
    void deny(int reason, String kind, String detail) {
        hub.counters().refused(kind);
        hub.counters().connectionsRefused.increment();
        hub.log().say("Refusing {}: {}", client, detail);
        Packets.connack(client.out(), false, client.isMqtt5() ? reason : Reason.v3(reason),
            client.isMqtt5() ? new byte[0] : null);
        client.close(reason);
    }
}
