// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.mqtt;

import edge.api.uplink.Uplink;
import edge.cloudconnector.kit.UplinkContractTest;
import edge.cloudconnector.support.Mosquitto;
import java.util.Map;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;

class MqttContractTest extends UplinkContractTest {

    private Mosquitto cloud;
    private MqttClient receiver;

    @Override
    protected int startReceiver() throws Exception {
        cloud = new Mosquitto(folder);
        receiver = new MqttClient("tcp://127.0.0.1:" + cloud.port(), "receiver", new MemoryPersistence());
        MqttConnectOptions options = new MqttConnectOptions();
        options.setUserName(Mosquitto.USER);
        options.setPassword(Mosquitto.PASSWORD.toCharArray());
        receiver.connect(options);
        receiver.subscribe("#", 1, (topic, message) -> received(message.getPayload()));
        return cloud.port();
    }

    @Override
    protected void stopReceiver() throws Exception {
        receiver.disconnectForcibly(100, 100);
        receiver.close();
        cloud.close();
    }

    @Override
    protected Uplink uplink(int port) {
        return new MqttUplink(gateway, "cloud", Configs.of(Map.of("host", "127.0.0.1", "port", port, "tls", false, "user",
            Mosquitto.USER, "_password", Mosquitto.PASSWORD, "window", 200, "connectTimeout", 10, "ackTimeout", 3)));
    }

    @Override
    protected boolean isReceivers(String thread) {
        return thread.contains("receiver");
    }
}
