// SPDX-License-Identifier: Apache-2.0
package edge.broker.net;

import edge.broker.base.TopicNames;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttConnectPayload;
import io.netty.handler.codec.mqtt.MqttConnectVariableHeader;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageIdVariableHeader;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.netty.handler.codec.mqtt.MqttSubscriptionOption.RetainedHandlingPolicy;
import io.netty.handler.codec.mqtt.MqttTopicSubscription;
import io.netty.handler.codec.mqtt.MqttUnsubscribeMessage;
import java.util.List;
import java.util.Optional;

/** Tells which packets of a client are well-formed, as far as the decoder does not. */
final class Guard {

    private static final int MAX_FILTERS_PER_PACKET = 1_000;
    private static final String SHARE = "$share/";

    private Guard() {
    }

    /** Why the connection has to be closed; empty if the packet is in order. */
    static Optional<String> problemOf(MqttMessage message, boolean mqtt5) {
        return switch (message.fixedHeader().messageType()) {
            case DISCONNECT, PINGREQ -> Optional.empty();
            case CONNECT -> problemOfConnect((MqttConnectMessage) message);
            case PUBACK, PUBREC, PUBREL, PUBCOMP -> packetId(message);
            case PUBLISH -> problemOfPublish((MqttPublishMessage) message, mqtt5);
            case SUBSCRIBE -> problemOfSubscribe((MqttSubscribeMessage) message, mqtt5);
            case UNSUBSCRIBE -> problemOfFilters("UNSUBSCRIBE", ((MqttUnsubscribeMessage) message).payload().topics());
            default -> Optional.of("a client does not send " + message.fixedHeader().messageType());
        };
    }

    private static Optional<String> problemOfConnect(MqttConnectMessage connect) {
        MqttConnectVariableHeader header = connect.variableHeader();
        MqttConnectPayload payload = connect.payload();
        if (!header.isWillFlag() && (header.willQos() != 0 || header.isWillRetain())) {
            return Optional.of("a CONNECT with the QoS or the retain flag of a will that it has not (MQTT-3.1.2-13, -15)");
        }
        if (header.willQos() > 2) {
            return Optional.of("a CONNECT with a will of QoS 3 (MQTT-3.1.2-14)");
        }
        if (header.version() < 5 && header.hasPassword() && !header.hasUserName()) {
            return Optional.of("a CONNECT with a password and no user name (MQTT-3.1.2-22)");
        }
        boolean bad = isBad(payload.clientIdentifier()) || isBad(payload.userName()) || isBad(payload.willTopic());
        return bad ? Optional.of("a CONNECT with a text that is no UTF-8 (MQTT-1.5.3-1, -2)") : Optional.empty();
    }

    /** The decoder makes U+FFFD of bytes that are no UTF-8. */
    private static boolean isBad(String text) {
        return text != null && (text.indexOf('\0') >= 0 || text.indexOf('\uFFFD') >= 0);
    }

    private static Optional<String> packetId(MqttMessage message) {
        return message.variableHeader() instanceof MqttMessageIdVariableHeader ? Optional.empty()
            : Optional.of(message.fixedHeader().messageType() + " without a packet id");
    }

    private static Optional<String> problemOfPublish(MqttPublishMessage publish, boolean mqtt5) {
        if (publish.fixedHeader().isDup() && publish.fixedHeader().qosLevel().value() == 0) {
            return Optional.of("a PUBLISH of QoS 0 that comes again (MQTT-3.3.1-2)");
        }
        boolean aliased = mqtt5 && publish.variableHeader().topicName().isEmpty()
            && publish.variableHeader().properties().getProperty(Properties5.TOPIC_ALIAS) != null;
        if (!aliased) {
            Optional<String> problem = TopicNames.problemOfName(publish.variableHeader().topicName());
            if (problem.isPresent()) {
                return problem.map(p -> "PUBLISH to a bad topic: " + p);
            }
        }
        if (mqtt5 && publish.variableHeader().properties().getProperty(Properties5.SUBSCRIPTION_ID) != null) {
            return Optional.of("a PUBLISH with a subscription identifier (MQTT5-3.3.4-6)");
        }
        return mqtt5 ? Properties5.text(publish.variableHeader().properties(), Properties5.RESPONSE_TOPIC)
            .flatMap(TopicNames::problemOfName).map(p -> "PUBLISH with a bad response topic: " + p) : Optional.empty();
    }

    private static Optional<String> problemOfSubscribe(MqttSubscribeMessage subscribe, boolean mqtt5) {
        List<MqttTopicSubscription> asked = subscribe.payload().topicSubscriptions();
        for (MqttTopicSubscription each : asked) {
            boolean options = each.option().isNoLocal() || each.option().isRetainAsPublished()
                || each.option().retainHandling() != RetainedHandlingPolicy.SEND_AT_SUBSCRIBE;
            if (options && !mqtt5) {
                return Optional.of("SUBSCRIBE with reserved bits (MQTT-3.8.3-4)");
            }
            if (each.option().isNoLocal() && each.topicFilter() != null && each.topicFilter().startsWith(SHARE)) {
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
