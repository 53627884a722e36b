// SPDX-License-Identifier: Apache-2.0
package edge.broker.net;

import edge.broker.base.TopicNames;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.netty.handler.codec.mqtt.MqttTopicSubscription;
import io.netty.handler.codec.mqtt.MqttUnsubscribeMessage;
import java.util.List;
import java.util.Optional;

/** Tells which packets have topics and filters that can be, and as many as may be. */
final class Guard {

    private static final int MAX_FILTERS_PER_PACKET = 1_000;

    private Guard() {
    }

    /** Why the connection has to be closed; empty if the packet is in order. */
    static Optional<String> problemOf(MqttMessage message, boolean mqtt5) {
        return switch (message.fixedHeader().messageType()) {
            case PUBLISH -> problemOfPublish((MqttPublishMessage) message, mqtt5);
            case SUBSCRIBE -> problemOfSubscribe((MqttSubscribeMessage) message);
            case UNSUBSCRIBE -> problemOfFilters("UNSUBSCRIBE", ((MqttUnsubscribeMessage) message).payload().topics());
            default -> Optional.empty();
        };
    }

    private static Optional<String> problemOfPublish(MqttPublishMessage publish, boolean mqtt5) {
        boolean aliased = mqtt5 && publish.variableHeader().topicName().isEmpty()
            && publish.variableHeader().properties().getProperty(Properties5.TOPIC_ALIAS) != null;
        if (!aliased) {
            Optional<String> problem = TopicNames.problemOfName(publish.variableHeader().topicName());
            if (problem.isPresent()) {
                return problem.map(p -> "PUBLISH to a bad topic: " + p);
            }
        }
        return mqtt5 ? Properties5.text(publish.variableHeader().properties(), Properties5.RESPONSE_TOPIC)
            .flatMap(TopicNames::problemOfName).map(p -> "PUBLISH with a bad response topic: " + p) : Optional.empty();
    }

    private static Optional<String> problemOfSubscribe(MqttSubscribeMessage subscribe) {
        List<MqttTopicSubscription> asked = subscribe.payload().topicSubscriptions();
        for (MqttTopicSubscription each : asked) {
            if (each.option().isNoLocal() && TopicNames.isShared(each.topicFilter())) {
                return Optional.of("a shared subscription without local messages (MQTT5-3.8.3-4)");
            }
        }
        return problemOfFilters("SUBSCRIBE", asked.stream().map(MqttTopicSubscription::topicFilter).toList());
    }

    private static Optional<String> problemOfFilters(String packet, List<String> filters) {
        if (filters.isEmpty() || filters.size() > MAX_FILTERS_PER_PACKET) {
            return Optional.of(packet + " with " + filters.size() + " filters; 1 to " + MAX_FILTERS_PER_PACKET + " are allowed");
        }
        for (String filter : filters) {
            Optional<String> problem = TopicNames.problemOfFilter(TopicNames.withoutShare(filter));
            if (problem.isPresent()) {
                return problem.map(p -> packet + " with a bad filter: " + p);
            }
        }
        return Optional.empty();
    }
}
