// SPDX-License-Identifier: Apache-2.0
package edge.broker;

import static org.assertj.core.api.Assertions.assertThat;

import edge.broker.RawClient.Packet;
import edge.broker.Settings.Limits;
import edge.broker.net.ListenerSettings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each bound on a client, and what happens to whoever exceeds it. */
class LimitsTest {

    private static final Limits D = Limits.DEFAULTS;

    private static Rig rig(Limits limits) {
        return Rig.listening(Rig.settings(ListenerSettings.plain("127.0.0.1", 0, false), limits));
    }

    private static long refusals(Rig rig, String reason) {
        return rig.broker.figures().refusals().getOrDefault(reason, 0L);
    }

    @Test
    void one_address_gets_no_more_connections_than_it_may_until_one_goes() throws IOException {
        try (Rig rig = rig(new Limits(D.maxPacketBytes(), 100, 2, 0, D.inFlight(), D.queueMessages(), D.queueBytes(),
            D.storedMessages())); RawClient first = RawClient.accepted(rig.port(), "first");
             RawClient second = RawClient.accepted(rig.port(), "second")) {
            try (RawClient third = new RawClient(rig.port())) {
                assertThat(third.isClosedByPeer()).isTrue();
            }
            assertThat(refusals(rig, "too many connections of one address")).isEqualTo(1);
            first.close();
            rig.await(() -> rig.broker.status().clients().size() == 1, "the first is gone");
            RawClient.accepted(rig.port(), "third").close();
            second.send(RawClient.ping());
            assertThat(second.read().type()).isEqualTo(RawClient.PINGRESP);
        }
    }

    @ParameterizedTest
    @CsvSource({"1024, 1, true", "1025, 1, false", "64, 64, true", "65, 65, false"})
    void a_topic_is_1024_characters_long_and_64_levels_deep_at_most(int characters, int levels, boolean allowed)
        throws IOException {
        // Levels of one character and a slash; the last one fills up.
        String topic = "/".repeat(levels - 1) + "x".repeat(Math.max(1, characters - levels + 1));
        try (Rig rig = rig(D); RawClient client = RawClient.accepted(rig.port(), "c")) {
            client.send(RawClient.publish(topic, 1, 7));
            if (allowed) {
                assertThat(client.read().type()).isEqualTo(RawClient.PUBACK);
            } else {
                assertThat(client.isClosedByPeer()).isTrue();
            }
        }
    }

    @Test
    void a_packet_larger_than_allowed_ends_the_connection_before_it_has_come() throws IOException {
        try (Rig rig = rig(new Limits(2_000, 100, 100, 0, D.inFlight(), D.queueMessages(), D.queueBytes(), D.storedMessages()));
             RawClient client = RawClient.accepted(rig.port(), "c")) {
            client.send(RawClient.publish("t", "x".repeat(1_900), 1, 1, false, false));
            assertThat(client.read().type()).isEqualTo(RawClient.PUBACK);
            // Its first bytes only: the length is enough.
            byte[] large = RawClient.publish("t", "x".repeat(3_000), 1, 2, false, false);
            client.send(java.util.Arrays.copyOf(large, 100));
            assertThat(client.isClosedByPeer()).isTrue();
            assertThat(refusals(rig, "packet too large")).isEqualTo(1);
        }
    }

    @Test
    void a_client_that_publishes_faster_than_it_may_is_slowed_down_loses_nothing_and_keeps_nobody_else() throws IOException {
        try (Rig rig = rig(new Limits(D.maxPacketBytes(), 100, 100, 200, D.inFlight(), D.queueMessages(), D.queueBytes(),
            D.storedMessages())); RawClient flood = RawClient.accepted(rig.port(), "flood");
             RawClient other = RawClient.accepted(rig.port(), "other")) {
            long began = System.nanoTime();
            byte[][] all = IntStream.rangeClosed(1, 200).mapToObj(id -> RawClient.publish("t", "x".repeat(400), 1, id, false, false))
                .toArray(byte[][]::new);
            flood.send(all);
            other.send(RawClient.ping());
            assertThat(other.read().type()).isEqualTo(RawClient.PINGRESP);
            assertThat(flood.ids(RawClient.PUBACK, 200)).isEqualTo(IntStream.rangeClosed(1, 200).boxed().toList());
            // A second's worth; whatever one read brings is taken as a whole.
            assertThat(System.nanoTime() - began).isGreaterThan(300_000_000L);
            assertThat(refusals(rig, "slowed down")).isPositive();
        }
    }

    @Test
    void what_a_session_holds_in_memory_is_bounded_and_newer_messages_are_dropped_and_counted() throws IOException {
        try (Rig rig = rig(new Limits(D.maxPacketBytes(), 100, 100, 0, 2, 5, D.queueBytes(), D.storedMessages()));
             RawClient slow = RawClient.accepted(rig.port(), "slow");
             RawClient publisher = RawClient.accepted(rig.port(), "publisher")) {
            slow.send(RawClient.subscribe(1, "t", 1));
            assertThat(slow.read().type()).isEqualTo(RawClient.SUBACK);
            for (int id = 1; id <= 9; id++) {
                publisher.send(RawClient.publish("t", Integer.toString(id), 1, id, false, false));
            }
            publisher.ids(RawClient.PUBACK, 9);
            assertThat(rig.broker.status().dropped()).isEqualTo(4);
            // Two in flight and three that wait: the oldest, in their order.
            assertThat(takeAll(slow, 5)).containsExactly("1", "2", "3", "4", "5");
            assertThat(rig.broker.figures().clients()).filteredOn(client -> client.id().equals("slow")).singleElement()
                .satisfies(client -> assertThat(client.dropped()).isEqualTo(4));
        }
    }

    @Test
    void what_waits_in_the_journal_for_a_session_is_bounded_too() throws IOException {
        try (Rig rig = rig(new Limits(D.maxPacketBytes(), 100, 100, 0, 10, D.queueMessages(), D.queueBytes(), 5))) {
            try (RawClient away = persistent(rig.port())) {
                away.send(RawClient.subscribe(1, "t", 1));
                assertThat(away.read().type()).isEqualTo(RawClient.SUBACK);
            }
            rig.await(() -> rig.broker.status().clients().isEmpty(), "it is away");
            try (RawClient publisher = RawClient.accepted(rig.port(), "publisher")) {
                for (int id = 1; id <= 8; id++) {
                    publisher.send(RawClient.publish("t", Integer.toString(id), 1, id, false, false));
                }
                publisher.ids(RawClient.PUBACK, 8);
            }
            rig.await(() -> rig.broker.status().dropped() == 3, "three are too many");
            try (RawClient back = persistent(rig.port())) {
                assertThat(takeAll(back, 5)).containsExactly("1", "2", "3", "4", "5");
            }
        }
    }

    private static RawClient persistent(int port) throws IOException {
        RawClient client = new RawClient(port);
        client.send(RawClient.connect("away", "sensor", "sensor-secret", false));
        assertThat(client.read().type()).isEqualTo(RawClient.CONNACK);
        return client;
    }

    private static List<String> takeAll(RawClient client, int count) throws IOException {
        List<String> payloads = new ArrayList<>();
        while (payloads.size() < count) {
            Packet packet = client.read();
            assertThat(packet.type()).isEqualTo(RawClient.PUBLISH);
            payloads.add(packet.payload());
            int at = 2 + packet.topic().length();
            client.send(RawClient.packet(0x40, new byte[] {packet.body()[at], packet.body()[at + 1]}));
        }
        return payloads;
    }

    @Test
    void an_operator_disconnects_a_client_which_may_come_back() throws IOException {
        try (Rig rig = rig(D); RawClient client = RawClient.accepted(rig.port(), "c")) {
            assertThat(rig.broker.disconnect("nobody", edge.api.access.Caller.system("test"))).isFalse();
            assertThat(rig.broker.disconnect("c", edge.api.access.Caller.system("test"))).isTrue();
            assertThat(client.isClosedByPeer()).isTrue();
            RawClient.accepted(rig.port(), "c").close();
            assertThat(refusals(rig, "disconnected by an operator")).isEqualTo(1);
        }
    }
}
