// SPDX-License-Identifier: Apache-2.0
package edge.broker.clients;

import java.nio.charset.StandardCharsets;
import java.util.Queue;
import org.eclipse.paho.client.mqttv3.IMqttDeliveryToken;
import org.eclipse.paho.client.mqttv3.MqttCallback;
import org.eclipse.paho.client.mqttv3.MqttMessage;

/** Takes what a Paho client gets: topic, payload, QoS and whether it was retained. */
record Inbox(Queue<String> messages) implements MqttCallback {

    @Override
    public void messageArrived(String topic, MqttMessage message) {
        messages.add(topic + " " + new String(message.getPayload(), StandardCharsets.UTF_8) + " " + message.getQos() + " "
            + message.isRetained());
    }

    @Override
    public void connectionLost(Throwable cause) {
        // Who waits for a message sees that it does not come.
    }

    @Override
    public void deliveryComplete(IMqttDeliveryToken token) {
        // The publish methods wait for it.
    }
}
