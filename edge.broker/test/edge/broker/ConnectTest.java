// SPDX-License-Identifier: Apache-2.0
package edge.broker;

import static org.assertj.core.api.Assertions.assertThat;

import edge.broker.RawClient.Packet;
import edge.broker.conformance.Normative;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.junit.jupiter.api.Test;

class ConnectTest extends BrokerTest {

    private static final int FRESH_CLIENTS = 400;

    private int served(int rounds) throws IOException {
        int served = 0;
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            RawClient client = new RawClient(rig.port());
            clients.add(client);
            client.send(RawClient.connect("fresh-" + i, "sensor", "sensor-secret", true), RawClient.subscribe(7, "a/b", 1));
        }
        for (RawClient client : clients) {
            Packet connack = client.read();
            Packet suback = client.read();
            if (connack.type() == RawClient.CONNACK && connack.body()[1] == 0 && suback.type() == RawClient.SUBACK
                && suback.id() == 7 && suback.body()[2] == 1) {
                served++;
            }
            client.close();
        }
        return served;
    }

    @Test
    void four_hundred_of_four_hundred_fresh_clients_that_subscribe_at_once_are_served() throws IOException {
        assertThat(served(FRESH_CLIENTS)).isEqualTo(FRESH_CLIENTS);
    }

    @Test
    void clients_that_subscribe_right_after_the_connack_are_served() throws IOException {
        int served = 0;
        for (int i = 0; i < FRESH_CLIENTS; i++) {
            try (RawClient client = RawClient.accepted(rig.port(), "after-" + i)) {
                client.send(RawClient.subscribe(9, "a/b", 0));
                served += client.read().type() == RawClient.SUBACK ? 1 : 0;
            }
        }
        assertThat(served).isEqualTo(FRESH_CLIENTS);
    }

    @Test
    void paho_clients_that_subscribe_right_after_connecting_are_served() throws Exception {
        int served = 0;
        for (int i = 0; i < 10; i++) {
            try (MqttClient client = new MqttClient("tcp://127.0.0.1:" + rig.port(), "paho-" + i, new MemoryPersistence())) {
                MqttConnectOptions options = new MqttConnectOptions();
                options.setUserName("sensor");
                options.setPassword("sensor-secret".toCharArray());
                client.connect(options);
                client.subscribe("a/b", 1);
                served++;
                client.disconnect();
            }
        }
        assertThat(served).isEqualTo(10);
    }

    @Test
    void malformed_packets_harm_nobody_but_their_sender() throws IOException {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        for (int i = 0; i < 200; i++) {
            byte[] rubbish = new byte[random.nextInt(1, 300)];
            random.nextBytes(rubbish);
            RawClient stranger = new RawClient(rig.port());
            RawClient member = RawClient.accepted(rig.port(), "fuzz-" + i);
            stranger.send(rubbish);
            member.send(rubbish);
            if (random.nextBoolean()) {
                stranger.cut();
                member.cut();
            } else {
                stranger.close();
                member.close();
            }
        }
        assertThat(served(FRESH_CLIENTS)).isEqualTo(FRESH_CLIENTS);
        rig.await(() -> rig.broker.status().clients().isEmpty(), "all clients are gone");
    }

    @Test
    void packets_sent_before_the_connack_are_handled_in_their_order_and_may_be_large() throws IOException {
        try (RawClient client = new RawClient(rig.port())) {
            String large = "y".repeat(300_000);
            client.send(RawClient.connect("eager", "sensor", "sensor-secret", true), RawClient.subscribe(1, "t", 0),
                RawClient.publish("t", "first", 1, 2, false, false), RawClient.publish("t", large, 1, 3, false, false),
                RawClient.publish("t", "last", 0, 0, false, false));
            assertThat(client.read().type()).isEqualTo(RawClient.CONNACK);
            List<String> payloads = new ArrayList<>();
            while (payloads.size() < 3) {
                Packet packet = client.read();
                if (packet.type() == RawClient.PUBLISH) {
                    payloads.add(packet.payload());
                }
            }
            assertThat(payloads).containsExactly("first", large, "last");
        }
    }

    @Test
    void a_client_with_a_wrong_secret_or_none_gets_its_reason_and_is_closed() throws IOException {
        for (byte[] connect : List.of(RawClient.connect("c", "sensor", "wrong", true),
            RawClient.connect("c", "nobody", "nobody-secret", true), RawClient.connect("c", "sensor", null, true),
            RawClient.connect("c", "", "x", true), RawClient.connect("c", null, null, true))) {
            try (RawClient client = new RawClient(rig.port())) {
                client.send(connect);
                Packet connack = client.read();
                assertThat(connack.type()).isEqualTo(RawClient.CONNACK);
                assertThat(connack.body()[1]).as("bad user name or password").isEqualTo((byte) 4);
                assertThat(client.isClosedByPeer()).isTrue();
            }
        }
        assertThat(rig.broker.status().connectionsRefused()).isEqualTo(5);
        assertThat(rig.accounts.origins).contains("127.0.0.1");
    }

    @Test
    void without_accounts_nobody_comes_in() throws IOException {
        rig.accountsRun = false;
        try (RawClient client = new RawClient(rig.port())) {
            client.send(RawClient.connect("c", "sensor", "sensor-secret", true));
            assertThat(client.read().body()[1]).as("server unavailable").isEqualTo((byte) 3);
        }
        assertThat(rig.broker.alarms().check().reason()).contains("No accounts");
    }

    @Test
    void anonymous_clients_come_in_on_loopback_only_where_that_is_configured() throws IOException {
        Settings d = Rig.DEFAULTS;
        Settings open = Rig.plain("127.0.0.1", 0, true, 10, d.connectTimeout(), d.acknowledgeTimeout());
        try (Rig loopback = Rig.listening(open); RawClient client = new RawClient(loopback.port())) {
            client.send(RawClient.connect("c", null, null, true));
            assertThat(client.read().body()[1]).isZero();
            loopback.await(() -> loopback.broker.status().clients().size() == 1, "it is listed");
            assertThat(loopback.broker.status().clients()).singleElement()
                .satisfies(c -> assertThat(c.user()).isEqualTo("anonymous"));
        }
        Settings wide = Rig.plain("0.0.0.0", 0, true, 10, d.connectTimeout(), d.acknowledgeTimeout());
        try (Rig everywhere = Rig.listening(wide); RawClient client = new RawClient(everywhere.port())) {
            client.send(RawClient.connect("c", null, null, true));
            assertThat(client.read().body()[1]).isEqualTo((byte) 4);
        }
    }

    @Test
    void a_second_connect_ends_the_connection() throws IOException {
        try (RawClient client = RawClient.accepted(rig.port(), "twice")) {
            client.send(RawClient.connect("twice", "sensor", "sensor-secret", true));
            assertThat(client.isClosedByPeer()).isTrue();
        }
    }

    @Test
    void a_first_packet_that_is_no_connect_ends_the_connection() throws IOException {
        try (RawClient client = new RawClient(rig.port())) {
            client.send(RawClient.publish("a", 0, 0));
            assertThat(client.isClosedByPeer()).isTrue();
        }
    }

    @Test
    void a_connection_without_connect_is_closed_after_the_time_out() throws IOException {
        Settings d = Rig.DEFAULTS;
        try (Rig hasty = Rig.listening(Rig.plain("127.0.0.1", 0, false, 10, Duration.ofMillis(200),
            d.acknowledgeTimeout())); RawClient slow = new RawClient(hasty.port())) {
            slow.send(new byte[] {0x10, 20, 0, 4});
            assertThat(slow.isClosedByPeer()).isTrue();
        }
    }

    @Test
    void a_large_packet_of_somebody_who_has_not_signed_in_is_not_buffered() throws IOException {
        try (RawClient client = new RawClient(rig.port())) {
            client.send(new byte[] {0x10, (byte) 0xFF, (byte) 0xFF, 0x3F});
            assertThat(client.isClosedByPeer()).isTrue();
        }
    }

    @Normative("3.2.2-6")
    @Test
    void connections_beyond_the_limit_are_closed_and_make_room_when_others_go() throws IOException {
        Settings d = Rig.DEFAULTS;
        try (Rig small = Rig.listening(Rig.plain("127.0.0.1", 0, false, 2, d.connectTimeout(),
            d.acknowledgeTimeout()))) {
            RawClient first = RawClient.accepted(small.port(), "one");
            try (RawClient second = RawClient.accepted(small.port(), "two"); RawClient third = new RawClient(small.port())) {
                assertThat(third.isClosedByPeer()).isTrue();
                first.close();
                small.await(() -> small.broker.status().clients().size() == 1, "the first is gone");
                RawClient.accepted(small.port(), "four").close();
                second.send(RawClient.ping());
                assertThat(second.read().type()).isEqualTo(RawClient.PINGRESP);
            }
        }
    }

    @Test
    void the_newer_of_two_clients_with_one_id_stays_and_another_account_cannot_take_it_over() throws IOException {
        try (RawClient older = RawClient.accepted(rig.port(), "same");
             RawClient newer = RawClient.accepted(rig.port(), "same"); RawClient thief = new RawClient(rig.port())) {
            assertThat(older.isClosedByPeer()).isTrue();
            thief.send(RawClient.connect("same", "other", "other-secret", true));
            assertThat(thief.read().body()[1]).as("identifier rejected").isEqualTo((byte) 2);
            newer.send(RawClient.ping());
            assertThat(newer.read().type()).isEqualTo(RawClient.PINGRESP);
        }
    }

    @Test
    void clients_that_take_an_id_over_in_quick_succession_get_nothing_but_their_connack() throws IOException {
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            RawClient client = new RawClient(rig.port());
            client.send(RawClient.connect("same", "sensor", "sensor-secret", i % 2 == 0));
            clients.add(client);
        }
        RawClient last = clients.remove(clients.size() - 1);
        for (RawClient client : clients) {
            boolean closed = client.isClosedByPeer();
            if (!closed) {
                // The first byte of its CONNACK is read; three are left.
                assertThat(client.isAnsweredAndClosed(3)).isTrue();
            }
            client.close();
        }
        assertThat(last.read().body()[1]).isZero();
        last.send(RawClient.subscribe(1, "a", 0));
        assertThat(last.read().type()).isEqualTo(RawClient.SUBACK);
        last.close();
        rig.await(() -> rig.broker.status().clients().isEmpty(), "all are gone");
    }

    @Test
    void clients_that_vanish_before_their_connack_leave_no_session_behind() throws IOException {
        for (int i = 0; i < 200; i++) {
            RawClient client = new RawClient(rig.port());
            client.send(RawClient.connect("ghost-" + i, "sensor", "sensor-secret", true));
            client.cut();
        }
        rig.await(() -> rig.broker.status().clients().isEmpty() && rig.broker.status().sessions() == 0, "no session is left");
    }

    @Test
    void an_empty_client_id_gets_one_of_its_own_if_the_session_is_clean() throws IOException {
        try (RawClient clean = new RawClient(rig.port()); RawClient persistent = new RawClient(rig.port())) {
            clean.send(RawClient.connect("", "sensor", "sensor-secret", true));
            assertThat(clean.read().body()[1]).isZero();
            rig.await(() -> rig.broker.status().clients().size() == 1, "it is listed");
            assertThat(rig.broker.status().clients().get(0).id()).isNotEmpty();
            persistent.send(RawClient.connect("", "sensor", "sensor-secret", false));
            assertThat(persistent.read().body()[1]).as("identifier rejected").isEqualTo((byte) 2);
        }
    }

    @Test
    void an_unknown_protocol_version_is_answered_as_the_standard_wants() throws IOException {
        try (RawClient client = new RawClient(rig.port())) {
            byte[] connect = RawClient.connect("c", "sensor", "sensor-secret", true);
            connect[8] = 9;
            client.send(connect);
            assertThat(client.read().body()[1]).as("unacceptable protocol version").isEqualTo((byte) 1);
            assertThat(client.isClosedByPeer()).isTrue();
        }
    }

    @Test
    void bad_topics_and_filters_end_the_connection() throws IOException {
        List<byte[]> bad = List.of(RawClient.publish("a/#", 0, 0), RawClient.publish("nul\0", 0, 0),
            RawClient.publish("a".repeat(2_000), 0, 0), RawClient.publish("/".repeat(100), 0, 0),
            RawClient.subscribe(1, "a/#/b", 0), RawClient.subscribe(1, "a+", 0), RawClient.subscribe(1, "", 0));
        for (byte[] packet : bad) {
            try (RawClient client = RawClient.accepted(rig.port(), "bad")) {
                client.send(packet);
                assertThat(client.isClosedByPeer()).isTrue();
            }
        }
    }

    @Test
    void topics_of_the_broker_itself_are_refused_in_the_suback() throws IOException {
        try (RawClient client = RawClient.accepted(rig.port(), "curious")) {
            client.send(RawClient.subscribe(5, "$SYS/#", 0));
            Packet suback = client.read();
            assertThat(suback.type()).isEqualTo(RawClient.SUBACK);
            assertThat(suback.body()[2]).isEqualTo((byte) 0x80);
        }
    }
}
