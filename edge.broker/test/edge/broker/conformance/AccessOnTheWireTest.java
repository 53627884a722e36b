// SPDX-License-Identifier: Apache-2.0
package edge.broker.conformance;

import edge.api.access.Role;
import edge.broker.access.AccessFile;
import edge.broker.access.TopicRules;
import edge.json.JsonException;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the rules on topics mean for the bytes that a client gets. */
class AccessOnTheWireTest extends OnTheWire {

    private static final String RULES = """
        {"rules": [
          {"read": ["in/%c/#"], "write": ["in/%c/#"]},
          {"read": ["by/%u/#"], "write": ["by/%u/#"]},
          {"users": ["sensor"], "read": ["plant/+/state"], "share": ["plant/1/state"], "write": ["plant/%u/#"],
           "retain": ["plant/%u/state"], "will": ["plant/%u/gone"]},
          {"users": ["panel"], "read": ["#"]}
        ]}""";

    private Wire panel;

    @BeforeEach
    void rules() throws IOException, JsonException {
        rig.access = AccessFile.read(RULES);
        panel = as("panel", "panel").subscribed("#", 1);
    }

    @AfterEach
    void leave() throws IOException {
        panel.close();
    }

    private Wire as(String clientId, String user) throws IOException {
        return wire().send("10 [s'MQTT' 04 c2 003c s'" + clientId + "' s'" + user + "' s'" + user + "-secret']").expect("20 02 00 00");
    }

    private void denied(Wire client, String publish) throws IOException {
        client.send(publish).expectEnd();
        panel.quiet();
    }

    @ParameterizedTest
    @ValueSource(strings = {"+", "#", "a/+", "a/b", "+/+", "$share"})
    void a_client_id_chooses_nothing_that_its_client_may_do(String id) throws IOException {
        try (Wire client = as(id, "other")) {
            client.send("82 [0001 s'in/#' 00 s'in/+/x' 00 s'in/a/b/#' 00]").expect("90 [0001 80 80 80]").send("30 [s'in/x/y' 'x']").quiet();
            denied(client, "32 [s'in/a/b' 0001 'x']");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"+", "#", "a/b"})
    void a_user_name_chooses_nothing_either(String user) throws IOException {
        rig.accounts.machines.put(user, Role.VIEWER);
        try (Wire client = as("c", user)) {
            client.send("82 [0001 s'by/#' 00 s'by/" + user + "' 00]").expect("90 [0001 80 80]");
            denied(client, "32 [s'by/a/b' 0001 'x']");
        }
    }

    @Test
    void what_a_rule_allows_goes_through() throws IOException {
        try (Wire client = as("c", "sensor")) {
            client.send("82 [0001 s'in/c/#' 01 s'by/sensor/x' 01 s'plant/7/state' 01 s'plant/+/state' 01]").expect("90 [0001 01 01 01 01]");
            client.send("32 [s'plant/sensor/a' 0001 'x']").expect("40 02 0001");
            panel.expect("32 [s'plant/sensor/a' 0001 'x']").quiet();
        }
    }

    @Test
    void a_filter_that_is_wider_than_the_rules_is_refused() throws IOException {
        try (Wire client = as("c", "sensor")) {
            client.send("82 [0001 s'#' 00 s'plant/#' 00 s'plant/+/+' 00 s'+/+/state' 00 s'plant/1/state/#' 00 s'in/#' 00]")
                .expect("90 [0001 80 80 80 80 80 80]");
        }
    }

    @Test
    void a_shared_subscription_takes_a_rule_of_its_own() throws IOException {
        try (Wire client = as("c", "sensor")) {
            client.send("82 [0001 s'$share/g/plant/1/state' 00 s'$share/g/plant/2/state' 00 s'$share/g/#' 00 s'plant/2/state' 00]")
                .expect("90 [0001 00 80 80 00]");
        }
    }

    @Test
    void a_retained_message_takes_a_rule_of_its_own() throws IOException {
        try (Wire client = as("c", "sensor"); Wire other = as("d", "sensor")) {
            client.send("33 [s'plant/sensor/state' 0001 'x']").expect("40 02 0001").send("31 [s'plant/sensor/a' 'x']").quiet();
            panel.expect("32 [s'plant/sensor/state' 0001 'x']").quiet();
            denied(other, "33 [s'plant/sensor/a' 0001 'x']");
        }
    }

    @ParameterizedTest
    @CsvSource({"plant/sensor/gone, 00", "plant/sensor/a, 05", "plant/other/gone, 05", "edge/v1/boiler, 05", "$SYS/x, 05", "a/#, 05"})
    void a_last_will_takes_a_rule_of_its_own(String topic, String code) throws IOException {
        try (Wire client = wire()) {
            client.send("10 [s'MQTT' 04 c6 003c s'c' s'" + topic + "' s'gone' s'sensor' s'sensor-secret']").expect("20 02 00 " + code);
            if (code.equals("05")) {
                client.expectEnd();
            } else {
                cut(client, "c");
                panel.expect("30 [s'" + topic + "' 'gone']");
            }
            panel.quiet();
        }
    }

    @Test
    void rules_that_cannot_be_loaded_allow_nothing() throws IOException {
        rig.access = TopicRules.unavailable("the file is damaged");
        try (Wire client = as("c", "sensor")) {
            client.send("82 [0001 s'plant/1/state' 00 s'in/c/x' 00 s'$share/g/plant/1/state' 00]").expect("90 [0001 80 80 80]")
                .send("30 [s'in/c/x' 'x']").quiet();
            denied(client, "32 [s'in/c/x' 0001 'x']");
        }
        try (Wire client = wire()) {
            client.send("10 [s'MQTT' 04 c6 003c s'c' s'plant/sensor/gone' s'gone' s'sensor' s'sensor-secret']").expect("20 02 00 05")
                .expectEnd();
        }
    }

    @Test
    void a_client_of_mqtt_5_is_told_and_stays() throws IOException {
        try (Wire client = wire()) {
            client.send("10 [s'MQTT' 05 c2 003c 00 s'c' s'sensor' s'sensor-secret']");
            client.skip().send("82 [0001 00 s'#' 00]").expect("90 [0001 00 87]").send("32 [s'plant/x' 0001 00 'x']").expect("40 [0001 87]")
                .send("34 [s'plant/x' 0002 00 'x']").expect("50 [0002 87]").quiet();
        }
        panel.quiet();
    }
}
