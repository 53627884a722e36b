// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import edge.api.uplink.Delivery;
import edge.cloudconnector.support.RabbitMq;
import edge.cloudconnector.support.Until;
import edge.cloudconnector.support.Watcher;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Another make of broker than ours and mosquitto's. */
class RabbitMqTest extends MqttRig {

    @Test
    void rabbitmq_takes_everything_in_order() throws Exception {
        try (RabbitMq cloud = new RabbitMq(folder); Watcher watcher = new Watcher(cloud.port(), "edge/#")) {
            uplink("127.0.0.1", cloud.port(), Map.of("probeTopic", "probe/{gatewayId}"));
            open();
            assertThat(await(uplink.probe())).isTrue();
            for (int round = 0; round < 8; round++) {
                assertThat(await(send(125, 100))).hasSize(125).containsOnly(Delivery.ACCEPTED);
            }
            Until.holds(PATIENCE, watcher::count, () -> watcher.count() == 1000);
            uplink("127.0.0.1", cloud.port(), Map.of("_password", "wrong-one"));
            assertThat(refused()).hasMessageContaining("refuses the login of user 'plant-7'");
        }
    }
}
