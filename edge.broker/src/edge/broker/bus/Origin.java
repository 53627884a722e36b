// SPDX-License-Identifier: Apache-2.0
package edge.broker.bus;

import io.netty.handler.codec.mqtt.MqttProperties;

/**
 * What local routing needs to know of a message beside the message itself.
 *
 * @param clientId MQTT client that published it; empty if none did
 * @param properties its MQTT 5 properties, which travel on to the subscribers
 */
public record Origin(String clientId, MqttProperties properties) {

    /** Published inside of the gateway. */
    public static final Origin INTERNAL = new Origin("", MqttProperties.NO_PROPERTIES);
}
