// SPDX-License-Identifier: Apache-2.0
package edge.broker.net;

import edge.api.access.AccessDeniedException;
import edge.api.message.RawMessage;
import edge.api.message.Receipt;
import edge.broker.bus.IngestBus;
import edge.broker.bus.Origin;
import edge.broker.session.RetainMark;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.mqtt.MqttFixedHeader;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageIdVariableHeader;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttPubReplyMessageVariableHeader;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttReasonCodes;
import io.netty.util.ReferenceCountUtil;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gate of published messages: each goes the one ingest path, and its PUBACK or PUBREC leaves when that path says that the
 * message is safe, in the order of the messages.
 *
 * <p>What waits is bounded: first no more is read from the client, then, after the acknowledge time-out, its connection is
 * closed. A message that is refused is never acknowledged: reading ends, and so does the connection, a little later so that
 * clients do not come back in a tight loop. MQTT 3.1.1 has no other way to refuse (MQTT-3.3.5-2).
 */
final class PublishHandler extends ChannelDuplexHandler {

    private static final Logger LOG = LoggerFactory.getLogger(PublishHandler.class);

    static final int MAX_WAITING = 1_000;
    static final long MAX_WAITING_BYTES = 1L << 20;
    /** How long a client whose message was refused stays connected. */
    static final long REFUSAL_DELAY_MILLIS = 1_000;

    private final Hub hub;
    private final Peer peer;
    private AckQueue acks;
    private boolean refused;
    private boolean deadlineRuns;
    private boolean denialLogged;

    PublishHandler(Hub hub, Peer peer) {
        this.hub = hub;
        this.peer = peer;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        acks = new AckQueue(ctx::writeAndFlush);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object packet) {
        MqttMessage message = (MqttMessage) packet;
        switch (message.fixedHeader().messageType()) {
            case PUBLISH -> {
                try {
                    publish(ctx, (MqttPublishMessage) message);
                } finally {
                    ReferenceCountUtil.release(message);
                }
            }
            case PUBREL -> {
                int packetId = ((MqttMessageIdVariableHeader) message.variableHeader()).messageId();
                peer.inbox().release(packetId);
                ctx.writeAndFlush(answer(MqttMessageType.PUBCOMP, packetId));
            }
            default -> ctx.fireChannelRead(message);
        }
    }

    private void publish(ChannelHandlerContext ctx, MqttPublishMessage message) {
        if (refused || !ctx.channel().isActive()) {
            // A later message must not overtake the refused one; the client sends both again.
            return;
        }
        MqttProperties properties = message.variableHeader().properties();
        if (properties.getProperty(MqttProperties.MqttPropertyType.TOPIC_ALIAS.value()) != null) {
            close(ctx, "a topic alias, although none is offered (MQTT-3.3.2-9)");
            return;
        }
        int qos = message.fixedHeader().qosLevel().value();
        int packetId = message.variableHeader().packetId();
        if (qos == 2 && peer.inbox().isFull()) {
            close(ctx, "too many messages of QoS 2 that are not released");
            return;
        }
        byte[] payload = ByteBufUtil.getBytes(message.payload());
        RawMessage raw = new RawMessage(message.variableHeader().topicName(), payload, qos,
            message.fixedHeader().isRetain(), hub.clock().now(), peer.caller());
        Origin origin = new Origin(peer.clientId(), properties);
        CompletableFuture<Receipt> result = qos == 2
            ? peer.inbox().receive(packetId, () -> hub.bus().publish(raw, origin))
            : hub.bus().publish(raw, origin);
        AckQueue.Slot slot = acks.add(payload.length);
        if (result.isDone()) {
            settle(ctx, slot, raw, packetId, result);
            return;
        }
        bound(ctx);
        result.whenComplete((receipt, error) -> {
            try {
                ctx.executor().execute(() -> settle(ctx, slot, raw, packetId, result));
            } catch (RejectedExecutionException e) {
                // The broker has ended, and the connection with it.
                LOG.debug("{} is gone before its message was stored", peer, e);
            }
        });
    }

    private void settle(ChannelHandlerContext ctx, AckQueue.Slot slot, RawMessage raw, int packetId,
                        CompletableFuture<Receipt> result) {
        if (!result.isCompletedExceptionally()) {
            hub.counters().messagesIn.increment();
            acks.settle(slot, positive(raw.qos(), packetId));
            if (acks.size() <= MAX_WAITING / 2 && acks.bytes() <= MAX_WAITING_BYTES / 2) {
                peer.resume(Peer.Pause.JOURNAL);
            }
            return;
        }
        hub.counters().publishesRefused.increment();
        if (raw.qos() == 2) {
            peer.inbox().release(packetId);
        }
        result.whenComplete((receipt, error) -> refuse(ctx, slot, raw, packetId, IngestBus.cause(error)));
    }

    private static Optional<MqttMessage> positive(int qos, int packetId) {
        return switch (qos) {
            case 1 -> Optional.of(answer(MqttMessageType.PUBACK, packetId));
            case 2 -> Optional.of(answer(MqttMessageType.PUBREC, packetId));
            default -> Optional.empty();
        };
    }

    private void refuse(ChannelHandlerContext ctx, AckQueue.Slot slot, RawMessage raw, int packetId, Throwable cause) {
        if (cause instanceof AccessDeniedException) {
            if (!denialLogged) {
                denialLogged = true;
                hub.log().say("{}: {}", peer, cause.getMessage());
            }
            if (raw.qos() == 0) {
                acks.settle(slot, Optional.empty());
            } else if (peer.isMqtt5()) {
                acks.settle(slot, Optional.of(notAuthorised(raw.qos(), packetId)));
            } else {
                close(ctx, "it published what it may not, and MQTT 3.1.1 has no other answer");
            }
            return;
        }
        if (raw.qos() == 0) {
            // Nothing was promised to the client.
            acks.settle(slot, Optional.empty());
            return;
        }
        if (!refused) {
            refused = true;
            hub.log().say("{}: a message to {} is not acknowledged and the connection will be closed: {}", peer, raw.topic(),
                cause.getMessage());
            peer.pause(Peer.Pause.REFUSED);
            ctx.executor().schedule(() -> ctx.close(), REFUSAL_DELAY_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** Stops reading while too much waits, and watches how long it waits. */
    private void bound(ChannelHandlerContext ctx) {
        if (acks.size() >= MAX_WAITING || acks.bytes() >= MAX_WAITING_BYTES) {
            peer.pause(Peer.Pause.JOURNAL);
        }
        if (!deadlineRuns) {
            deadlineRuns = true;
            checkLater(ctx, hub.settings().acknowledgeTimeout().toNanos());
        }
    }

    private void checkLater(ChannelHandlerContext ctx, long nanos) {
        ctx.executor().schedule(() -> {
            long left = hub.settings().acknowledgeTimeout().toNanos() - acks.headAgeNanos();
            if (acks.size() == 0 || !ctx.channel().isActive()) {
                deadlineRuns = false;
            } else if (left > 0) {
                checkLater(ctx, left);
            } else {
                hub.counters().publishesRefused.increment();
                close(ctx, "the journal has not stored its message within "
                    + hub.settings().acknowledgeTimeout().toMillis() + " ms");
            }
        }, nanos, TimeUnit.NANOSECONDS);
    }

    private void close(ChannelHandlerContext ctx, String reason) {
        refused = true;
        hub.log().say("Closing {}: {}", peer, reason);
        ctx.close();
    }

    private static MqttMessage answer(MqttMessageType type, int packetId) {
        return new MqttMessage(new MqttFixedHeader(type, false, MqttQoS.AT_MOST_ONCE, false, 0),
            MqttMessageIdVariableHeader.from(packetId));
    }

    private static MqttMessage notAuthorised(int qos, int packetId) {
        byte reason = qos == 1 ? MqttReasonCodes.PubAck.NOT_AUTHORIZED.byteValue()
            : MqttReasonCodes.PubRec.NOT_AUTHORIZED.byteValue();
        return new MqttMessage(new MqttFixedHeader(qos == 1 ? MqttMessageType.PUBACK : MqttMessageType.PUBREC, false,
            MqttQoS.AT_MOST_ONCE, false, 0),
            new MqttPubReplyMessageVariableHeader(packetId, reason, MqttProperties.NO_PROPERTIES));
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (hub.loop().isBusy()) {
            peer.pause(Peer.Pause.SESSION_LOOP);
            hub.loop().whenRelieved(() -> resumeLater(ctx));
        }
        ctx.fireChannelReadComplete();
    }

    private void resumeLater(ChannelHandlerContext ctx) {
        try {
            ctx.executor().execute(() -> peer.resume(Peer.Pause.SESSION_LOOP));
        } catch (RejectedExecutionException e) {
            LOG.debug("the network loop has ended", e);
        }
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object packet, ChannelPromise promise) {
        if (packet instanceof MqttPublishMessage message) {
            hub.counters().messagesOut.increment();
            ctx.write(RetainMark.resolve(message), promise);
        } else {
            ctx.write(packet, promise);
        }
    }
}
