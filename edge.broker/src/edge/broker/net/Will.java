// SPDX-License-Identifier: Apache-2.0
package edge.broker.net;

import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttProperties;
import java.util.Optional;

/**
 * A client's last will.
 *
 * @param delaySeconds how long to wait for the client to come back to its session (MQTT 5)
 * @param properties those that travel with the message
 */
record Will(String topic, byte[] payload, int qos, boolean retain, long delaySeconds, byte[] properties) {

    /** The will of a CONNECT. */
    static Optional<Will> of(MqttConnectMessage connect) {
        if (!connect.variableHeader().isWillFlag()) {
            return Optional.empty();
        }
        MqttProperties given = connect.payload().willProperties();
        long delay = Math.min(Properties5.number(given, Properties5.WILL_DELAY, 0),
            Properties5.number(connect.variableHeader().properties(), Properties5.SESSION_EXPIRY, 0));
        byte[] payload = connect.payload().willMessageInBytes();
        return Optional.of(new Will(connect.payload().willTopic(), payload == null ? new byte[0] : payload,
            connect.variableHeader().willQos(), connect.variableHeader().isWillRetain(), delay,
            Properties5.travelling(given)));
    }
}
