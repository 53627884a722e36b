// SPDX-License-Identifier: Apache-2.0
package io.moquette.broker;

import io.moquette.broker.subscriptions.Topic;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/**
 * Keeps Moquette away from retained messages: the message bus stores them and {@link EdgePostOffice} sends them, because
 * Moquette would not keep those of QoS 0, would lose the retain flag of what it queues, and puts no bound on it.
 */
final class NoRetainedRepository implements IRetainedRepository {

    @Override
    public Collection<RetainedMessage> retainedOnTopic(String filter) {
        return List.of();
    }

    @Override
    public void cleanRetained(Topic topic) {
        throw unused();
    }

    @Override
    public void retain(Topic topic, MqttPublishMessage message) {
        throw unused();
    }

    @Override
    public void retain(Topic topic, MqttPublishMessage message, Instant expiry) {
        throw unused();
    }

    private static UnsupportedOperationException unused() {
        return new UnsupportedOperationException("published messages reach Moquette by the message bus only");
    }

    @Override
    public boolean isEmpty() {
        return true;
    }

    @Override
    public Collection<RetainedMessage> listExpirable() {
        return List.of();
    }
}
