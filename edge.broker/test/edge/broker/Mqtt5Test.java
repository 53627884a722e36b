// SPDX-License-Identifier: Apache-2.0
package edge.broker;

import static edge.broker.RawClient.packet;
import static org.assertj.core.api.Assertions.assertThat;

import edge.broker.RawClient.Packet;
import java.io.IOException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** MQTT 5, byte by byte; docs/reference/mqtt-conformance.md tells what is offered. */
class Mqtt5Test extends BrokerTest {

    private static final int DISCONNECT = 14;

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }

    private static String text(String text) {
        return String.format("%04x", text.length()) + HexFormat.of().formatHex(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    static byte[] connect(String id, boolean clean, String properties) {
        String encoded = properties.replace(" ", "");
        return packet(0x10, hex(text("MQTT") + "05" + (clean ? "c2" : "c0") + "003c" + String.format("%02x", encoded.length() / 2)
            + encoded + text(id) + text("sensor") + text("sensor-secret")));
    }

    private RawClient client(String id, boolean clean, String properties) throws IOException {
        RawClient client = new RawClient(rig.port());
        client.send(connect(id, clean, properties));
        Packet connack = client.read();
        assertThat(connack.type()).isEqualTo(RawClient.CONNACK);
        assertThat(connack.body()[1]).isZero();
        return client;
    }

    private static byte[] subscribe(String filter, int options, String properties) {
        return packet(0x82, hex("0001" + String.format("%02x", properties.length() / 2) + properties + text(filter)
            + String.format("%02x", options)));
    }

    private static byte[] publish(String topic, int qos, String properties, String payload) {
        return packet(0x30 | qos << 1, hex(text(topic) + (qos > 0 ? "0007" : "") + String.format("%02x", properties.length() / 2)
            + properties + HexFormat.of().formatHex(payload.getBytes(java.nio.charset.StandardCharsets.UTF_8))));
    }

    private static void read(RawClient client, int type) throws IOException {
        assertThat(client.read().type()).isEqualTo(type);
    }

    @Test
    void properties_travel_and_the_expiry_counts_down() throws IOException {
        try (RawClient client = client("c", true, "")) {
            client.send(subscribe("t", 0, "0b05"));
            read(client, RawClient.SUBACK);
            client.send(publish("t", 0, "02000000640101" + "03" + text("json") + "09" + text("id") + "26" + text("k") + text("v"), "x"));
            Packet message = client.read();
            // Of 100 seconds at most 99 whole ones are left.
            assertThat(HexFormat.of().formatHex(message.body())).startsWith(text("t")).contains("0101", "03" + text("json"),
                "09" + text("id"), "26" + text("k") + text("v"), "0b05").containsPattern("02000000(6[0-3]|[0-5].)");
        }
    }

    @Test
    void an_expired_message_is_not_delivered() throws IOException {
        client("away", false, "11 00000e10").close();
        rig.await(() -> rig.broker.status().clients().isEmpty(), "it is gone");
        try (RawClient client = client("away", false, "11 00000e10"); RawClient publisher = client("p", true, "")) {
            client.send(subscribe("t", 1, ""));
            read(client, RawClient.SUBACK);
            client.close();
            rig.await(() -> rig.broker.status().clients().size() == 1, "it is gone");
            publisher.send(publish("t", 1, "0200000001", "short"));
            read(publisher, RawClient.PUBACK);
            publisher.send(publish("t", 1, "0200000e10", "long"));
            read(publisher, RawClient.PUBACK);
        }
        long until = System.nanoTime() + 1_200_000_000L;
        rig.await(() -> System.nanoTime() > until, "a second is over");
        try (RawClient back = client("away", false, "11 00000e10")) {
            byte[] body = back.read().body();
            assertThat(new String(body, java.nio.charset.StandardCharsets.UTF_8)).endsWith("long");
        }
    }

    @Test
    void a_client_gets_no_packet_that_is_larger_than_it_takes() throws IOException {
        try (RawClient client = client("small", true, "27 00000040")) {
            client.send(subscribe("t", 0, ""));
            read(client, RawClient.SUBACK);
            client.send(publish("t", 0, "", "y".repeat(100)), publish("t", 0, "", "fits"));
            assertThat(new String(client.read().body(), java.nio.charset.StandardCharsets.UTF_8)).endsWith("fits");
        }
    }

    @Test
    void the_receive_maximum_of_a_client_is_kept() throws IOException {
        try (RawClient client = client("narrow", true, "21 0002")) {
            client.send(subscribe("t", 1, ""));
            read(client, RawClient.SUBACK);
            for (int i = 0; i < 4; i++) {
                client.send(publish("t", 0, "", "m"));
            }
            try (RawClient publisher = client("p", true, "")) {
                for (int i = 0; i < 4; i++) {
                    publisher.send(publish("t", 1, "", "q" + i));
                    read(publisher, RawClient.PUBACK);
                }
            }
            int atQos1 = 0;
            for (int i = 0; i < 6; i++) {
                atQos1 += client.read().qos();
            }
            assertThat(atQos1).isEqualTo(2);
            assertThat(client.isSilentFor(200)).isTrue();
        }
    }

    @Test
    void more_messages_on_their_way_than_the_receive_maximum_end_the_connection() throws IOException {
        try (RawClient client = new RawClient(rig.port())) {
            client.send(connect("eager", true, ""));
            assertThat(HexFormat.of().formatHex(client.read().body())).contains("2103e8");
            client.send(publish("t", 1, "", "acknowledged"));
            read(client, RawClient.PUBACK);
            for (int id = 1; id <= 1_001; id++) {
                client.send(packet(0x34, hex(text("t") + String.format("%04x", id) + "00")));
            }
            for (int id = 1; id <= 1_000; id++) {
                assertThat(client.read().id()).isEqualTo(id);
            }
            Packet told = client.read();
            assertThat(told.type()).isEqualTo(DISCONNECT);
            assertThat(told.body()).startsWith(0x93);
            assertThat(client.isClosedByPeer()).isTrue();
        }
    }

    @Test
    void what_is_settled_counts_no_more() throws IOException {
        try (RawClient client = client("steady", true, "")) {
            for (int id = 1; id <= 1_100; id++) {
                client.send(packet(0x34, hex(text("t") + String.format("%04x", id) + "00")));
                assertThat(client.ids(RawClient.PUBREC, 1)).containsExactly(id);
                client.send(RawClient.pubrel(id));
                assertThat(client.ids(RawClient.PUBCOMP, 1)).containsExactly(id);
            }
        }
    }

    @Test
    void what_is_not_exactly_as_the_standard_has_it_ends_the_connection_with_its_reason() throws IOException {
        for (String bad : new String[] {"30 05 00 01 74 01 55", "30 08 00 01 74 04 01 00 01 00", "30 06 00 01 74 02 01 02",
            "30 06 00 01 74 02 0b 01", "30 04 00 01 74 80 00", "82 06 00 01 00 00 01 74", "82 07 00 01 00 00 01 74 40",
            "82 07 00 01 00 00 01 74 30", "82 09 00 01 02 0b 00 00 01 74 00"}) {
            try (RawClient client = client("bad", true, "")) {
                client.send(hex(bad));
                Packet told = client.read();
                assertThat(told.type()).as(bad).isEqualTo(DISCONNECT);
                assertThat(told.body()).as(bad).startsWith(0x81);
                assertThat(client.isClosedByPeer()).isTrue();
            }
        }
    }

    @Test
    void a_topic_alias_stands_for_its_topic_and_one_that_is_unknown_ends_the_connection() throws IOException {
        try (RawClient client = client("alias", true, "")) {
            client.send(subscribe("t", 0, ""));
            read(client, RawClient.SUBACK);
            client.send(publish("t", 0, "230003", "one"), publish("", 0, "230003", "two"));
            assertThat(client.read().topic()).isEqualTo("t");
            assertThat(new String(client.read().body(), java.nio.charset.StandardCharsets.UTF_8)).startsWith("\0\1t").endsWith("two");
            client.send(publish("", 0, "230004", "three"));
            assertThat(client.read().body()[0]).isEqualTo((byte) 0x94);
            assertThat(client.isClosedByPeer()).isTrue();
        }
    }

    @Test
    void enhanced_authentication_is_refused_with_its_reason() throws IOException {
        try (RawClient client = new RawClient(rig.port())) {
            client.send(connect("c", true, "15" + text("SCRAM")));
            assertThat(client.read().body()).startsWith(0, 0x8C);
            assertThat(client.isClosedByPeer()).isTrue();
        }
    }

    @Test
    void no_local_and_retain_handling_are_kept() throws IOException {
        try (RawClient client = client("nl", true, "")) {
            client.send(subscribe("t", 4, ""));
            read(client, RawClient.SUBACK);
            client.send(publish("t", 0, "", "own"));
            client.send(packet(0x31, hex(text("r") + "00" + "78")), subscribe("r", 0x20, ""));
            read(client, RawClient.SUBACK);
            client.send(RawClient.ping());
            read(client, RawClient.PINGRESP);
        }
    }

    @Test
    void a_session_that_is_taken_over_is_told_so() throws IOException {
        try (RawClient first = client("same", true, ""); RawClient second = client("same", true, "")) {
            Packet told = first.read();
            assertThat(told.type()).isEqualTo(DISCONNECT);
            assertThat(told.body()).startsWith(0x8E);
            second.send(RawClient.ping());
            read(second, RawClient.PINGRESP);
        }
    }

    private RawClient withWill(String id, String delay) throws IOException {
        RawClient client = new RawClient(rig.port());
        client.send(packet(0x10, hex(text("MQTT") + "05c4003c" + "05 11 0000003c" + text(id) + "05 18" + delay + text("w") + text("gone")
            + text("sensor") + text("sensor-secret"))));
        assertThat(client.read().body()[1]).isZero();
        return client;
    }

    @Test
    void a_will_waits_for_its_delay_and_is_not_published_if_the_client_is_back_before() throws IOException {
        try (RawClient listener = client("listener", true, "")) {
            listener.send(subscribe("w", 0, ""));
            read(listener, RawClient.SUBACK);
            RawClient patient = withWill("patient", "0000003c");
            RawClient doomed = withWill("doomed", "00000001");
            long before = System.nanoTime();
            patient.cut();
            doomed.cut();
            rig.await(() -> rig.broker.status().clients().size() == 1, "both are gone");
            client("patient", false, "11 0000003c").close();
            assertThat(listener.read().topic()).isEqualTo("w");
            assertThat(System.nanoTime() - before).isGreaterThan(900_000_000L);
            listener.send(RawClient.ping());
            read(listener, RawClient.PINGRESP);
        }
    }

    @Test
    void an_empty_client_id_gets_one_and_is_told_which() throws IOException {
        try (RawClient client = new RawClient(rig.port())) {
            client.send(connect("", true, ""));
            byte[] body = client.read().body();
            assertThat(body[1]).isZero();
            assertThat(new String(body, java.nio.charset.StandardCharsets.ISO_8859_1)).contains("edge-");
        }
    }

    @Test
    void shared_subscriptions_get_each_message_once() throws IOException {
        try (RawClient a = client("a", true, ""); RawClient b = client("b", true, ""); RawClient p = client("p", true, "")) {
            a.send(subscribe("$share/g/t", 0, ""));
            b.send(subscribe("$share/g/t", 0, ""));
            read(a, RawClient.SUBACK);
            read(b, RawClient.SUBACK);
            for (int i = 0; i < 10; i++) {
                p.send(publish("t", 0, "", "m" + i));
            }
            p.send(RawClient.ping());
            read(p, RawClient.PINGRESP);
            for (int i = 0; i < 5; i++) {
                read(a, RawClient.PUBLISH);
                read(b, RawClient.PUBLISH);
            }
            assertThat(a.isSilentFor(150)).isTrue();
            assertThat(b.isSilentFor(50)).isTrue();
        }
    }
}
