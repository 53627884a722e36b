// SPDX-License-Identifier: Apache-2.0
package edge.broker;

import static org.assertj.core.api.Assertions.assertThat;

import edge.api.message.RawMessage;
import java.nio.charset.StandardCharsets;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.junit.jupiter.api.Test;

class WillTest extends BrokerTest {

    private MqttClient withWill(String clientId, String topic) throws MqttException {
        MqttClient client = new MqttClient("tcp://127.0.0.1:" + rig.port(), clientId, new MemoryPersistence());
        MqttConnectOptions options = new MqttConnectOptions();
        options.setMqttVersion(MqttConnectOptions.MQTT_VERSION_3_1_1);
        options.setUserName("sensor");
        options.setPassword("sensor-secret".toCharArray());
        options.setWill(topic, "gone".getBytes(StandardCharsets.UTF_8), 1, true);
        client.connect(options);
        return client;
    }

    @Test
    void a_will_takes_the_ingest_path_when_the_connection_breaks() throws Exception {
        MqttClient client = withWill("w", "plant/1/alarm");
        try (RawClient listener = RawClient.accepted(rig.port(), "l")) {
            listener.send(RawClient.subscribe(1, "plant/#", 1));
            listener.read();
            client.disconnectForcibly(0, 100, false);
            assertThat(listener.read().payload()).isEqualTo("gone");
        } finally {
            client.close(true);
        }
        assertThat(rig.journal.appends).singleElement().satisfies(a -> {
            RawMessage will = (RawMessage) a.message();
            assertThat(will.topic()).isEqualTo("plant/1/alarm");
            assertThat(will.caller().name()).isEqualTo("sensor");
            assertThat(will.retain()).isTrue();
        });
    }

    @Test
    void a_will_is_published_when_another_connection_takes_the_session_over() throws Exception {
        MqttClient client = withWill("w", "plant/1/alarm");
        try (RawClient heir = RawClient.accepted(rig.port(), "w")) {
            rig.await(() -> rig.journal.appends.size() == 1, "the will is published");
            heir.send(RawClient.ping());
            assertThat(heir.read().type()).isEqualTo(RawClient.PINGRESP);
        } finally {
            rig.await(() -> !client.isConnected(), "the client has noticed");
            client.close(true);
        }
    }

    @Test
    void a_client_that_says_goodbye_has_no_will() throws Exception {
        MqttClient client = withWill("w", "plant/1/alarm");
        client.disconnect();
        client.close();
        rig.await(() -> rig.broker.status().clients().isEmpty(), "it is gone");
        assertThat(rig.journal.appends).isEmpty();
    }

    @Test
    void a_will_to_a_topic_that_its_client_may_not_publish_to_keeps_the_client_out() {
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> withWill("w", "edge/v1/boiler"))
            .isInstanceOf(MqttException.class)
            .satisfies(e -> assertThat(((MqttException) e).getReasonCode())
                .isEqualTo(MqttException.REASON_CODE_NOT_AUTHORIZED));
        assertThat(rig.broker.status().connectionsRefused()).isEqualTo(1);
    }

    @Test
    void the_end_of_the_broker_is_no_reason_for_wills() throws Exception {
        MqttClient client = withWill("w", "plant/1/alarm");
        rig.broker.close();
        assertThat(rig.journal.appends).isEmpty();
        rig.await(() -> !client.isConnected(), "the client has noticed");
        client.close(true);
    }
}
