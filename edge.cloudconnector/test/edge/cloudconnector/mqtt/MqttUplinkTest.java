// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import edge.api.uplink.Delivery;
import edge.api.uplink.UplinkException.Kind;
import edge.cloudconnector.support.CuttingProxy;
import edge.cloudconnector.support.Mosquitto;
import edge.cloudconnector.support.Until;
import edge.cloudconnector.support.Watcher;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** One uplink and Debian's mosquitto: what it sends, says and proves. */
class MqttUplinkTest extends MqttRig {

    @Test
    void messages_are_accepted_when_the_cloud_has_acknowledged_them() throws Exception {
        try (Mosquitto cloud = new Mosquitto(folder)) {
            uplink("127.0.0.1", cloud.port(), Map.of());
            open();
            assertThat(threads()).isNotEmpty();
            assertThat(await(send(125, 100))).hasSize(125).containsOnly(Delivery.ACCEPTED);
            assertThat(broken).isNotDone();
        }
    }

    @Test
    void a_whole_window_at_once_is_never_too_much_for_paho() throws Exception {
        try (Mosquitto cloud = new Mosquitto(folder)) {
            uplink("127.0.0.1", cloud.port(), Map.of("window", 400));
            open();
            assertThat(uplink.window().batches() * uplink.window().messages()).isEqualTo(400);
            for (int round = 0; round < 20; round++) {
                List<CompletableFuture<List<Delivery>>> answers = new ArrayList<>();
                for (int batch = 0; batch < uplink.window().batches(); batch++) {
                    answers.add(send(uplink.window().messages(), 20));
                }
                await(CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)));
            }
            assertThat(broken).isNotDone();
        }
    }

    @Test
    void a_refused_login_names_the_user_and_never_the_password() throws Exception {
        try (Mosquitto cloud = new Mosquitto(folder)) {
            uplink("127.0.0.1", cloud.port(), Map.of("_password", "wrong-one"));
            assertThat(refused()).satisfies(why -> {
                assertThat(why.kind()).isEqualTo(Kind.REFUSED);
                assertThat(why.reason()).isEqualTo(
                    "mqtt://127.0.0.1:" + cloud.port() + " refuses the login of user 'plant-7' (MQTT return code 5)");
                assertThat(why.remedy()).contains("'user' and '.password'");
                assertThat(why.toString()).doesNotContain("wrong-one");
            });
            assertThat(broken).isNotDone();
        }
    }

    @Test
    void a_probe_comes_back_from_a_broker_that_passes_messages_on() throws Exception {
        try (Mosquitto cloud = new Mosquitto(folder)) {
            uplink("127.0.0.1", cloud.port(), Map.of("probeTopic", "edge/{gatewayId}/probe"));
            open();
            for (int i = 0; i < 3; i++) {
                assertThat(await(uplink.probe())).isTrue();
            }
            uplink("127.0.0.1", cloud.port(), Map.of());
            open();
            assertThat(uplink.probe().toCompletableFuture()).isCompletedWithValue(false);
        }
    }

    @Test
    void a_broker_that_accepts_and_forgets_is_found_by_the_probe() throws Exception {
        Path rules = Files.writeString(folder.resolve("acl"), "user " + Mosquitto.USER + "\ntopic write #\n");
        try (Mosquitto cloud = new Mosquitto(folder, "acl_file " + rules)) {
            uplink("127.0.0.1", cloud.port(), Map.of("probeTopic", "edge/probe", "ackTimeout", 2));
            open();
            assertThat(await(send(3, 10))).as("it says that it has them").containsOnly(Delivery.ACCEPTED);
            assertThatThrownBy(() -> await(uplink.probe())).hasMessageContaining("accepts messages and does not pass them on");
        }
    }

    @Test
    void a_topic_that_the_targets_rules_forbid_is_acknowledged_as_if_it_were_taken_and_the_connection_stays() throws Exception {
        Path rules = Files.writeString(folder.resolve("acl"), "user " + Mosquitto.USER
            + "\ntopic readwrite edge/probe\ntopic read #\n");
        // With 0, which elsewhere means no limit, mosquitto closes the connection at a message that it does not take.
        try (Mosquitto cloud = new Mosquitto(folder, "acl_file " + rules, "max_queued_messages 100000");
            Watcher watcher = new Watcher(cloud.port(), "#")) {
            uplink("127.0.0.1", cloud.port(), Map.of("probeTopic", "edge/probe"));
            open();
            for (int round = 0; round < 5; round++) {
                assertThat(await(send(125, 300))).containsOnly(Delivery.ACCEPTED);
                assertThat(await(uplink.probe())).isTrue();
            }
            Until.holds(PATIENCE, watcher::count, () -> watcher.count() == 5);
            assertThat(broken).isNotDone();
            // A probe under the same rule finds it.
            uplink("127.0.0.1", cloud.port(), Map.of("probeTopic", "edge/{site}/probe", "ackTimeout", 1));
            open();
            assertThatThrownBy(() -> await(uplink.probe())).hasMessageContaining("accepts messages and does not pass them on");
        }
    }

    @Test
    void whether_it_is_connected_is_told_by_itself_and_by_the_last_will() throws Exception {
        try (Mosquitto cloud = new Mosquitto(folder); CuttingProxy cable = new CuttingProxy(cloud.port());
            Watcher watcher = new Watcher(cloud.port(), "status/#")) {
            uplink("127.0.0.1", cable.port(), Map.of("statusTopic", "status/{gateway}"));
            open();
            watcher.awaits("status/gw-7", "\"online\":true");
            uplink.close();
            watcher.awaits("status/gw-7", "\"online\":false");
            uplink("127.0.0.1", cable.port(), Map.of("statusTopic", "status/{gateway}"));
            open();
            watcher.awaits("status/gw-7", "\"online\":true");
            cable.mode(CuttingProxy.Mode.CUT);
            watcher.awaits("status/gw-7", "\"online\":false");
        }
    }

    @Test
    void closed_it_says_goodbye_so_that_the_broker_need_not_tell_its_last_will() throws Exception {
        try (Mosquitto cloud = new Mosquitto(folder)) {
            uplink("127.0.0.1", cloud.port(), Map.of("statusTopic", "status/{gateway}"));
            open();
            await(send(5, 5));
            uplink.close();
            Path log = folder.resolve("mosquitto.log");
            Until.holds(PATIENCE, () -> Files.readString(log),
                () -> Files.readString(log).contains("Client client-under-test disconnected."));
        }
    }

    @Test
    void a_session_that_is_kept_is_resumed() throws Exception {
        try (Mosquitto cloud = new Mosquitto(folder)) {
            for (int round = 0; round < 2; round++) {
                uplink("127.0.0.1", cloud.port(), Map.of("cleanSession", false));
                open();
                await(send(5, 5));
                uplink.close();
            }
            assertThat(Files.readString(folder.resolve("mosquitto.log")).lines()
                .filter(line -> line.contains("connected") && line.contains("client-under-test") && line.contains("c0")))
                .hasSize(2);
        }
    }

    @Test
    void settings_out_of_their_range_are_refused_by_name() {
        assertThatThrownBy(() -> uplink("h", 70_000, Map.of())).hasMessage("port must be 0 to 65535, not 70000");
        assertThatThrownBy(() -> uplink("h", 1, Map.of("window", 0))).hasMessageContaining("window must be 1 to 10000");
        assertThatThrownBy(() -> uplink("", 1, Map.of())).hasMessageContaining("host is missing");
        assertThatThrownBy(() -> MqttUplink.name("edge.cloudconnector.mqtt")).hasMessageContaining("what follows the ~");
        uplink = null;
    }
}
