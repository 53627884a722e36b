// SPDX-License-Identifier: Apache-2.0
package edge.demo.cloud;

import edge.api.message.Topics;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.mqtt.MqttConnAckMessage;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttConnectPayload;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttFixedHeader;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttMessageIdVariableHeader;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.netty.handler.codec.mqtt.MqttTopicSubscription;
import io.netty.handler.codec.mqtt.MqttUnsubscribeMessage;
import io.netty.handler.codec.mqtt.MqttVersion;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client of the stand-in cloud: MQTT 3.1.1 with clean sessions. It takes QoS 0, 1 and 2, and lets people look on by
 * subscribing at QoS 0. It knows no wills, retained messages or offline sessions.
 */
final class ClientHandler extends SimpleChannelInboundHandler<MqttMessage> {

    private static final Logger LOG = LoggerFactory.getLogger(ClientHandler.class);
    private static final int MAX_FILTERS = 32;
    private static final int MAX_UNRELEASED = 4096;
    private static final String CONNECT_TIMER = "timer";

    private final CloudServer server;
    private final Set<String> filters = new HashSet<>();
    private final Set<Integer> unreleased = new HashSet<>();
    private ChannelHandlerContext context;
    private String clientId = "";
    private boolean connected;

    ClientHandler(CloudServer server) {
        this.server = server;
    }

    static String connectTimer() {
        return CONNECT_TIMER;
    }

    String clientId() {
        return clientId;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        server.gone(this);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, MqttMessage message) {
        if (message.decoderResult().isFailure()) {
            LOG.debug("Closing {}: {}", ctx.channel(), message.decoderResult().cause().toString());
            ctx.close();
            return;
        }
        MqttMessageType type = message.fixedHeader().messageType();
        if (connected == (type == MqttMessageType.CONNECT)) {
            ctx.close();
            return;
        }
        switch (type) {
            case CONNECT -> connect((MqttConnectMessage) message);
            case PUBLISH -> publish((MqttPublishMessage) message);
            case PUBREL -> release(idOf(message));
            case SUBSCRIBE -> subscribe((MqttSubscribeMessage) message);
            case UNSUBSCRIBE -> unsubscribe((MqttUnsubscribeMessage) message);
            case PINGREQ -> ctx.writeAndFlush(MqttMessage.PINGRESP);
            default -> ctx.close();
        }
    }

    private void connect(MqttConnectMessage message) {
        MqttConnectPayload payload = message.payload();
        if (message.variableHeader().version() != MqttVersion.MQTT_3_1_1.protocolLevel()) {
            refuse(MqttConnectReturnCode.CONNECTION_REFUSED_UNACCEPTABLE_PROTOCOL_VERSION);
        } else if (!server.admits(payload.userName(), payload.passwordInBytes())) {
            LOG.warn("The demo cloud refused a client: wrong user or password");
            refuse(MqttConnectReturnCode.CONNECTION_REFUSED_BAD_USER_NAME_OR_PASSWORD);
        } else {
            connected = true;
            clientId = payload.clientIdentifier();
            int keepAlive = message.variableHeader().keepAliveTimeSeconds();
            // MQTT 3.1.1, 3.1.2.10: a client is gone after one and a half times its keep alive.
            context.pipeline().replace(CONNECT_TIMER, CONNECT_TIMER, new IdleStateHandler(keepAlive + keepAlive / 2, 0, 0));
            server.came(this);
            answer(MqttConnectReturnCode.CONNECTION_ACCEPTED);
        }
    }

    private void refuse(MqttConnectReturnCode code) {
        answer(code);
        context.close();
    }

    private void answer(MqttConnectReturnCode code) {
        MqttConnAckMessage answer = MqttMessageBuilders.connAck().returnCode(code).sessionPresent(false).build();
        context.writeAndFlush(answer);
    }

    private void publish(MqttPublishMessage message) {
        int id = message.variableHeader().packetId();
        switch (message.fixedHeader().qosLevel()) {
            case AT_MOST_ONCE -> server.received(message);
            case AT_LEAST_ONCE -> {
                server.received(message);
                acknowledge(MqttMessageType.PUBACK, id);
            }
            default -> {
                if (unreleased.size() >= MAX_UNRELEASED) {
                    context.close();
                    return;
                }
                if (unreleased.add(id)) {
                    server.received(message);
                }
                acknowledge(MqttMessageType.PUBREC, id);
            }
        }
    }

    private void release(int id) {
        unreleased.remove(id);
        acknowledge(MqttMessageType.PUBCOMP, id);
    }

    private static int idOf(MqttMessage message) {
        return ((MqttMessageIdVariableHeader) message.variableHeader()).messageId();
    }

    private void acknowledge(MqttMessageType type, int id) {
        // Flushed when the client's bytes have all been read: one packet for many acknowledgements.
        context.write(new MqttMessage(new MqttFixedHeader(type, false, MqttQoS.AT_MOST_ONCE, false, 2),
            MqttMessageIdVariableHeader.from(id)));
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ctx.flush();
    }

    private void subscribe(MqttSubscribeMessage message) {
        MqttMessageBuilders.SubAckBuilder answer = MqttMessageBuilders.subAck().packetId(idOf(message));
        for (MqttTopicSubscription subscription : message.payload().topicSubscriptions()) {
            boolean fits = filters.size() < MAX_FILTERS || filters.contains(subscription.topicFilter());
            if (fits) {
                filters.add(subscription.topicFilter());
            }
            answer.addGrantedQos(fits ? MqttQoS.AT_MOST_ONCE : MqttQoS.FAILURE);
        }
        context.writeAndFlush(answer.build());
    }

    private void unsubscribe(MqttUnsubscribeMessage message) {
        message.payload().topics().forEach(filters::remove);
        context.writeAndFlush(MqttMessageBuilders.unsubAck().packetId(idOf(message)).build());
    }

    /** Passes a message on if the client wants it and takes it fast enough; it is an onlooker. */
    void show(String topic, ByteBuf payload) {
        if (context.channel().isWritable() && filters.stream().anyMatch(filter -> Topics.matches(filter, topic))) {
            context.writeAndFlush(MqttMessageBuilders.publish().topicName(topic).qos(MqttQoS.AT_MOST_ONCE)
                .payload(context.alloc().buffer().writeBytes(ByteBufUtil.getBytes(payload))).build());
        }
    }

    void close() {
        context.close();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
        if (event instanceof IdleStateEvent) {
            ctx.close();
        } else {
            super.userEventTriggered(ctx, event);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.debug("Closing {}: {}", ctx.channel(), cause.toString());
        ctx.close();
    }
}
