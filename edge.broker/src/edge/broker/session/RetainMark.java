// SPDX-License-Identifier: Apache-2.0
package edge.broker.session;

import io.netty.handler.codec.mqtt.MqttFixedHeader;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttProperties.IntegerProperty;
import io.netty.handler.codec.mqtt.MqttProperties.MqttProperty;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttPublishVariableHeader;

/**
 * Carries the retain flag of a message through a session's queue, which forgets it, as a property that is taken off again
 * before the message is encoded.
 */
public final class RetainMark {

    /** No identifier that MQTT 5 could ever use: those are at most 127 in practice. */
    private static final int ID = 0xED6E;

    public static final MqttProperty<?> PROPERTY = new IntegerProperty(ID, 1);

    private RetainMark() {
    }

    /** The message as it goes out: with its flag, and without the mark. */
    public static MqttPublishMessage resolve(MqttPublishMessage message) {
        MqttPublishVariableHeader header = message.variableHeader();
        if (header.properties().getProperty(ID) == null) {
            return message;
        }
        MqttProperties properties = new MqttProperties();
        for (MqttProperty<?> property : header.properties().listAll()) {
            if (property.propertyId() != ID) {
                properties.add(property);
            }
        }
        MqttFixedHeader fixed = message.fixedHeader();
        return new MqttPublishMessage(
            new MqttFixedHeader(MqttMessageType.PUBLISH, fixed.isDup(), fixed.qosLevel(), true, 0),
            new MqttPublishVariableHeader(header.topicName(), header.packetId(), properties), message.payload());
    }
}
