// SPDX-License-Identifier: Apache-2.0
package edge.broker;

import static edge.broker.RawClient.connect;
import static edge.broker.RawClient.packet;
import static edge.broker.RawClient.publish;
import static edge.broker.RawClient.subscribe;
import static org.assertj.core.api.Assertions.assertThat;

import edge.broker.RawClient.Packet;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Statements of MQTT 3.1.1 that oblige a server, on the wire; docs/reference/mqtt-conformance.md names them. */
class ConformanceTest {

    private Rig rig;

    @BeforeEach
    void start() {
        rig = Rig.listening();
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private RawClient client(String id, boolean clean) throws IOException {
        RawClient client = new RawClient(rig.port());
        client.send(connect(id, "sensor", "sensor-secret", clean));
        Packet connack = client.read();
        assertThat(connack.type()).isEqualTo(RawClient.CONNACK);
        assertThat(connack.body()[1]).isZero();
        return client;
    }

    /** A CONNECT in hexadecimal digits behind which the credentials of the account are put. */
    private static byte[] connectWith(int flags, String id) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(HexFormat.of().parseHex("00044d51545404"));
        body.write(flags);
        body.writeBytes(new byte[] {0, 60});
        text(body, id.getBytes(StandardCharsets.UTF_8));
        if ((flags & 4) != 0) {
            text(body, "will/topic".getBytes(StandardCharsets.UTF_8));
            text(body, "gone".getBytes(StandardCharsets.UTF_8));
        }
        text(body, "sensor".getBytes(StandardCharsets.UTF_8));
        if ((flags & 0x40) != 0) {
            text(body, "sensor-secret".getBytes(StandardCharsets.UTF_8));
        }
        return packet(0x10, body.toByteArray());
    }

    private static void text(ByteArrayOutputStream out, byte[] bytes) {
        out.write(bytes.length >> 8);
        out.write(bytes.length);
        out.writeBytes(bytes);
    }

    /** First byte and body of packets that end the connection; sent by a client whose session is open. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "MQTT-1.5.3-1 ill-formed UTF-8 in a topic, 30, 0002c328",
        "MQTT-1.5.3-1 a surrogate in a topic, 30, 0003eda080",
        "MQTT-1.5.3-2 U+0000 in a topic, 30, 00036100 62",
        "MQTT-2.2.2-2 reserved flags of SUBSCRIBE, 80, 0001000161 00",
        "MQTT-2.2.2-2 reserved flags of PUBREL, 60, 0001",
        "MQTT-2.3.1-1 packet id 0 in a PUBLISH, 32, 0001610000",
        "MQTT-2.3.1-1 packet id 0 in a SUBSCRIBE, 82, 000000016100",
        "MQTT-3.3.1-2 DUP at QoS 0, 38, 000161",
        "MQTT-3.3.1-4 QoS 3, 36, 0001610001",
        "MQTT-3.3.2-2 a wildcard in a topic name, 30, 0003612f2b",
        "MQTT-3.3.2-2 a wildcard in a topic name, 30, 000123",
        "MQTT-3.8.1-1 flags of SUBSCRIBE, 8a, 000100016100",
        "MQTT-3.8.3-3 SUBSCRIBE without a filter, 82, 0001",
        "MQTT-3.8.3-4 QoS 3 asked for, 82, 000100016103",
        "MQTT-3.8.3-4 reserved bits of the QoS, 82, 000100016104",
        "MQTT-3.10.1-1 flags of UNSUBSCRIBE, a0, 0001000161",
        "MQTT-3.10.3-2 UNSUBSCRIBE without a filter, a2, 0001",
        "MQTT-4.7.1-2 # is not the last, 82, 00010005612f232f6200",
        "MQTT-4.7.1-3 + is not a level, 82, 00010002612b00",
        "MQTT-4.7.3-1 an empty topic, 30, 0000",
        "MQTT-4.7.3-1 an empty filter, 82, 0001000000",
        "MQTT-3.1.0-2 a second CONNECT, 10, 00044d51545404020000000161",
        "MQTT-2.2.1 type 0, 00, ''", "MQTT-2.2.1 type 15, f0, ''",
        "MQTT-4.8.0-1 a CONNACK from a client, 20, 0000", "MQTT-4.8.0-1 a SUBACK from a client, 90, 000100",
        "MQTT-4.8.0-1 a PINGRESP from a client, d0, ''"})
    void what_is_malformed_ends_the_connection(String statement, String first, String body) throws IOException {
        try (RawClient client = client("bad", true); RawClient other = client("good", true)) {
            client.send(packet(Integer.parseInt(first, 16), HexFormat.of().parseHex(body.replace(" ", ""))));
            assertThat(client.isClosedByPeer()).isTrue();
            other.send(RawClient.ping());
            assertThat(other.read().type()).isEqualTo(RawClient.PINGRESP);
        }
    }

    /** Connect flags, and what is answered: nothing, or a return code. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "MQTT-3.1.2-3 the reserved flag, c3, closed", "MQTT-3.1.2-13 a will QoS without a will, ca, closed",
        "MQTT-3.1.2-14 a will of QoS 3, de, closed", "MQTT-3.1.2-15 a retained will without a will, e2, closed",
        "MQTT-3.1.2-22 a password without a user, 42, closed", "MQTT-3.2.2-4 accepted, c2, 0"})
    void the_flags_of_a_connect_are_judged(String statement, String flags, String expected) throws IOException {
        try (RawClient client = new RawClient(rig.port())) {
            client.send(connectWith(Integer.parseInt(flags, 16), "c"));
            if (expected.equals("closed")) {
                assertThat(client.isClosedByPeer()).isTrue();
            } else {
                assertThat(client.read().body()[1]).isEqualTo(Byte.parseByte(expected));
            }
        }
    }

    @Test
    void mqtt_3_1_2_4_and_3_2_2_2_and_3_a_session_is_kept_and_its_presence_told() throws IOException {
        client("kept", false).close();
        rig.await(() -> rig.broker.status().clients().isEmpty(), "it is gone");
        try (RawClient back = new RawClient(rig.port())) {
            back.send(connect("kept", "sensor", "sensor-secret", false));
            assertThat(back.read().body()).containsExactly(1, 0);
        }
        rig.await(() -> rig.broker.status().clients().isEmpty(), "it is gone");
        try (RawClient clean = new RawClient(rig.port())) {
            clean.send(connect("kept", "sensor", "sensor-secret", true));
            assertThat(clean.read().body()).containsExactly(0, 0);
        }
        rig.await(() -> rig.broker.status().clients().isEmpty(), "it is gone");
        try (RawClient anew = new RawClient(rig.port())) {
            anew.send(connect("kept", "sensor", "sensor-secret", false));
            assertThat(anew.read().body()).as("MQTT-3.1.2-6").containsExactly(0, 0);
        }
    }

    @Test
    void mqtt_3_1_3_8_an_empty_client_id_needs_a_clean_session() throws IOException {
        try (RawClient client = new RawClient(rig.port())) {
            client.send(connect("", "sensor", "sensor-secret", false));
            assertThat(client.read().body()).containsExactly(0, 2);
            assertThat(client.isClosedByPeer()).isTrue();
        }
    }

    @Test
    void mqtt_3_3_5_1_overlapping_subscriptions_get_one_message_at_the_greatest_qos() throws IOException {
        try (RawClient client = client("over", true)) {
            client.send(subscribe(1, "a/#", 0), subscribe(2, "a/+", 1), subscribe(3, "a/b", 0));
            client.ids(RawClient.SUBACK, 3);
            client.send(publish("a/b", "once", 1, 9, false, false));
            Packet first = client.read();
            Packet message = first.type() == RawClient.PUBLISH ? first : client.read();
            assertThat(message.qos()).isEqualTo(1);
            assertThat(message.payload()).isEqualTo("once");
            client.send(RawClient.ping());
            Packet next = client.read();
            assertThat(next.type() == RawClient.PUBACK ? client.read().type() : next.type()).isEqualTo(RawClient.PINGRESP);
        }
    }

    @Test
    void mqtt_4_4_0_1_what_is_not_acknowledged_is_sent_again_at_once_in_its_order_and_marked() throws IOException {
        try (RawClient client = client("again", false)) {
            client.send(subscribe(1, "t", 2));
            client.ids(RawClient.SUBACK, 1);
        }
        rig.await(() -> rig.broker.status().clients().isEmpty(), "it is gone");
        try (RawClient publisher = client("publisher", true)) {
            for (int i = 1; i <= 6; i++) {
                publisher.send(publish("t", "m" + i, 1 + i % 2, i, false, false));
                publisher.read();
            }
        }
        for (int round = 0; round < 2; round++) {
            long before = System.nanoTime();
            try (RawClient client = client("again", false)) {
                List<String> payloads = new java.util.ArrayList<>();
                for (int i = 1; i <= 6; i++) {
                    Packet packet = client.read();
                    payloads.add(packet.qos() + packet.payload());
                    assertThat(packet.flags() & 8).as("DUP").isEqualTo(round == 0 ? 0 : 8);
                }
                // MQTT-4.6.0-6: in order for each topic and QoS.
                assertThat(payloads.stream().filter(p -> p.startsWith("1"))).containsExactly("1m2", "1m4", "1m6");
                assertThat(payloads.stream().filter(p -> p.startsWith("2"))).containsExactly("2m1", "2m3", "2m5");
                assertThat(System.nanoTime() - before).as("at once").isLessThan(3_000_000_000L);
            }
            rig.await(() -> rig.broker.status().clients().isEmpty(), "it is gone");
        }
    }

    @Test
    void mqtt_3_10_4_an_ended_subscription_gets_nothing_new_and_is_answered_even_if_there_was_none() throws IOException {
        try (RawClient client = client("un", true)) {
            client.send(subscribe(1, "t", 1), packet(0xA2, new byte[] {0, 2, 0, 1, 't'}), packet(0xA2, new byte[] {0, 3, 0, 1, 'u'}));
            client.ids(RawClient.SUBACK, 1);
            assertThat(client.read().type()).isEqualTo(11);
            assertThat(client.read().id()).isEqualTo(3);
            client.send(publish("t", 0, 0), RawClient.ping());
            assertThat(client.read().type()).isEqualTo(RawClient.PINGRESP);
        }
    }

    @Test
    void mqtt_3_1_2_24_a_silent_client_is_disconnected_after_one_and_a_half_keep_alives() throws IOException {
        try (RawClient client = new RawClient(rig.port())) {
            byte[] connect = connectWith(0xC2, "silent");
            connect[11] = 1;
            client.send(connect);
            assertThat(client.read().body()[1]).isZero();
            long before = System.nanoTime();
            assertThat(client.isClosedByPeer()).isTrue();
            assertThat(System.nanoTime() - before).isBetween(1_000_000_000L, 4_000_000_000L);
        }
    }

    @Test
    void mqtt_3_3_1_retained_messages_carry_the_flag_only_for_new_subscriptions() throws IOException {
        try (RawClient old = client("old", true); RawClient young = client("young", true)) {
            old.send(subscribe(1, "r", 0));
            old.ids(RawClient.SUBACK, 1);
            old.send(publish("r", "v", 0, 0, true, false));
            assertThat(old.read().retained()).as("MQTT-3.3.1-9").isFalse();
            young.send(subscribe(1, "r", 0));
            young.ids(RawClient.SUBACK, 1);
            assertThat(young.read().retained()).as("MQTT-3.3.1-8").isTrue();
            young.send(subscribe(2, "r", 0));
            young.ids(RawClient.SUBACK, 1);
            assertThat(young.read().retained()).as("MQTT-3.8.4-3: sent again").isTrue();
        }
    }

    @Test
    void mqtt_4_7_2_1_leading_wildcards_match_no_topic_that_begins_with_a_dollar_sign() throws IOException {
        try (RawClient client = client("dollar", true)) {
            client.send(subscribe(1, "$SYS/#", 0), subscribe(2, "$share/g/$SYS/#", 0));
            assertThat(client.read().body()[2]).isEqualTo((byte) 0x80);
            assertThat(client.read().body()[2]).isEqualTo((byte) 0x80);
        }
    }

    /** Mutated packets of every kind, in whole, in pieces, and cut off; then everybody else must still be served. */
    @Test
    void after_hostile_packets_four_hundred_of_four_hundred_fresh_clients_are_served() throws IOException {
        Random random = new Random(42);
        List<byte[]> seeds = List.of(connect("h", "sensor", "sensor-secret", true), subscribe(1, "a/#", 1),
            publish("a/b", "payload", 1, 1, true, false), publish("a/b", "payload", 2, 2, false, true), RawClient.pubrel(2),
            RawClient.ping(), packet(0xA2, new byte[] {0, 2, 0, 1, 't'}), packet(0x40, new byte[] {0, 1}),
            HexFormat.of().parseHex("101400044d5154540502003c032100140000016180"));
        for (int round = 0; round < 1_500; round++) {
            byte[] bytes = seeds.get(random.nextInt(seeds.size())).clone();
            for (int flips = random.nextInt(4); flips >= 0; flips--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            try (RawClient client = new RawClient(rig.port())) {
                if (random.nextBoolean()) {
                    client.send(connect("hostile" + round % 7, "sensor", "sensor-secret", random.nextBoolean()));
                }
                int cut = random.nextInt(bytes.length + 1);
                client.send(java.util.Arrays.copyOf(bytes, cut));
                client.send(java.util.Arrays.copyOfRange(bytes, cut, bytes.length));
                if (random.nextBoolean()) {
                    client.cut();
                }
            } catch (java.net.SocketException e) {
                // Closed while it was still sending.
            }
        }
        int served = 0;
        for (int i = 0; i < 400; i++) {
            try (RawClient fresh = client("fresh-" + i, true)) {
                fresh.send(subscribe(1, "fresh/" + i, 1), publish("fresh/" + i, 0, 0));
                fresh.ids(RawClient.SUBACK, 1);
                served += fresh.read().type() == RawClient.PUBLISH ? 1 : 0;
            }
        }
        assertThat(served).isEqualTo(400);
    }
}
