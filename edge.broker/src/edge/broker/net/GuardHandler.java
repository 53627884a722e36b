// SPDX-License-Identifier: Apache-2.0
package edge.broker.net;

import edge.broker.bus.TopicNames;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageIdVariableHeader;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.netty.handler.codec.mqtt.MqttTopicSubscription;
import io.netty.handler.codec.mqtt.MqttUnsubscribeMessage;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets only well-formed packets of a client through, and ends a connection that sends others or that has gone silent. */
final class GuardHandler extends ChannelDuplexHandler {

    private static final Logger LOG = LoggerFactory.getLogger(GuardHandler.class);
    private static final int MAX_FILTERS_PER_PACKET = 1_000;

    private final Hub hub;
    private final Peer peer;

    GuardHandler(Hub hub, Peer peer) {
        this.hub = hub;
        this.peer = peer;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object packet) {
        MqttMessage message = (MqttMessage) packet;
        Optional<String> problem = message.decoderResult().isSuccess() ? problemOf(message)
            : ConnectHandler.isAnswered(message) ? Optional.empty()
            : Optional.of("malformed packet: " + message.decoderResult().cause().getMessage());
        if (problem.isEmpty()) {
            ctx.fireChannelRead(message);
        } else {
            ReferenceCountUtil.release(message);
            reject(ctx, problem.get());
        }
    }

    private void reject(ChannelHandlerContext ctx, String problem) {
        if (ctx.channel().isActive()) {
            hub.counters().connectionsRefused.increment();
            hub.log().say("Closing {}: {}", peer, problem);
            ctx.close();
        }
    }

    private static Optional<String> problemOf(MqttMessage message) {
        return switch (message.fixedHeader().messageType()) {
            case CONNECT, DISCONNECT, PINGREQ -> Optional.empty();
            case PUBACK, PUBREC, PUBREL, PUBCOMP -> packetId(message);
            case PUBLISH -> TopicNames.problemOfName(((MqttPublishMessage) message).variableHeader().topicName())
                .map(problem -> "PUBLISH to a bad topic: " + problem);
            case SUBSCRIBE -> problemOfFilters("SUBSCRIBE", ((MqttSubscribeMessage) message).payload()
                .topicSubscriptions().stream().map(MqttTopicSubscription::topicFilter).toList());
            case UNSUBSCRIBE -> problemOfFilters("UNSUBSCRIBE", ((MqttUnsubscribeMessage) message).payload().topics());
            default -> Optional.of("a client does not send " + message.fixedHeader().messageType());
        };
    }

    private static Optional<String> packetId(MqttMessage message) {
        return message.variableHeader() instanceof MqttMessageIdVariableHeader ? Optional.empty()
            : Optional.of(message.fixedHeader().messageType() + " without a packet id");
    }

    private static Optional<String> problemOfFilters(String packet, List<String> filters) {
        if (filters.isEmpty() || filters.size() > MAX_FILTERS_PER_PACKET) {
            return Optional.of(packet + " with " + filters.size() + " filters; 1 to " + MAX_FILTERS_PER_PACKET + " are allowed");
        }
        for (String filter : filters) {
            String shared = TopicNames.withoutShare(filter);
            Optional<String> problem = TopicNames.problemOfFilter(shared);
            if (problem.isPresent()) {
                return problem.map(p -> packet + " with a bad filter: " + p);
            }
            // A plain $ filter is answered with a failure in the SUBACK; inside of a share it could slip through.
            if (!shared.equals(filter) && shared.startsWith("$")) {
                return Optional.of(packet + " shares a filter that begins with $");
            }
        }
        return Optional.empty();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof IdleStateEvent) {
            // While we do not read, its silence means nothing.
            if (!peer.isPaused()) {
                hub.log().say("Closing {}: silent for one and a half times its keep-alive", peer);
                ctx.close();
            }
            return;
        }
        ctx.fireUserEventTriggered(event);
    }

    /** A server of MQTT 3.1.1 sends no DISCONNECT, it closes (section 3.14); Moquette sends it whatever the version is. */
    @Override
    public void write(ChannelHandlerContext ctx, Object packet, ChannelPromise promise) {
        if (packet instanceof MqttMessage message && !peer.isMqtt5()
            && message.fixedHeader().messageType() == MqttMessageType.DISCONNECT) {
            promise.setSuccess();
            ctx.close();
        } else {
            ctx.write(packet, promise);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException) {
            LOG.debug("Connection of {} broke", peer, cause);
        } else {
            LOG.warn("Closing {} because of an unexpected failure", peer, cause);
        }
        ctx.close();
    }
}
