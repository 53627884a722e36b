// SPDX-License-Identifier: Apache-2.0
package io.moquette.broker;

import edge.broker.session.Outbox;
import io.moquette.broker.SessionRegistry.PublishedMessage;
import io.moquette.broker.subscriptions.Topic;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.mqtt.MqttProperties.MqttProperty;
import io.netty.handler.codec.mqtt.MqttQoS;
import java.time.Instant;

/**
 * A message on its way to one session that counts against the session's bound: Moquette's own queues have none. Moquette
 * retains a message when it puts it in flight or in the queue and releases it when it is acknowledged or forgotten.
 */
final class CountedMessage extends PublishedMessage {

    private final Outbox outbox;
    private final int size;

    CountedMessage(Topic topic, MqttQoS qos, ByteBuf payload, Outbox outbox, MqttProperty<?>[] properties) {
        super(topic, qos, payload, false, Instant.MAX, properties);
        this.outbox = outbox;
        this.size = payload.readableBytes();
    }

    /** The payload is an array on the heap: counting is all there is to do. */
    @Override
    public void retain() {
        outbox.add(size);
    }

    @Override
    public void release() {
        outbox.remove(size);
    }
}
