// SPDX-License-Identifier: Apache-2.0
package edge.broker;

import static edge.broker.RawClient.publish;
import static org.assertj.core.api.Assertions.assertThat;

import edge.api.health.HealthReport.Status;
import edge.api.message.RawMessage;
import edge.api.message.StreamId;
import edge.broker.RawClient.Packet;
import edge.broker.conformance.Normative;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AcknowledgeTest {

    private Rig rig;

    @BeforeEach
    void start() {
        rig = Rig.listening();
        rig.journal.storesAtOnce = false;
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private void awaitAppends(int count) {
        rig.await(() -> rig.journal.appends.size() == count, count + " messages reach the journal");
    }

    @Normative("4.3.2-2")
    @Test
    void a_puback_leaves_when_the_message_is_stored_and_not_before() throws IOException {
        try (RawClient client = RawClient.accepted(rig.port(), "c")) {
            client.send(publish("plant/7/alarm", "hot", 1, 11, false, false));
            awaitAppends(1);
            assertThat(client.isSilentFor(150)).isTrue();
            rig.journal.appends.get(0).store();
            assertThat(client.ids(RawClient.PUBACK, 1)).containsExactly(11);
        }
        assertThat(rig.journal.appends.get(0).stream()).isEqualTo(StreamId.ingest("alarms"));
        RawMessage stored = (RawMessage) rig.journal.appends.get(0).message();
        assertThat(stored.topic()).isEqualTo("plant/7/alarm");
        assertThat(new String(stored.payload(), StandardCharsets.UTF_8)).isEqualTo("hot");
        assertThat(stored.caller().name()).isEqualTo("sensor");
        assertThat(stored.caller().origin()).isEqualTo("127.0.0.1");
    }

    @Normative("4.3.3-2")
    @Test
    void a_pubrec_leaves_when_the_message_is_stored_and_the_flow_completes() throws IOException {
        try (RawClient client = RawClient.accepted(rig.port(), "c")) {
            client.send(publish("wanted/a", 2, 5));
            awaitAppends(1);
            assertThat(client.isSilentFor(100)).isTrue();
            rig.journal.appends.get(0).store();
            assertThat(client.ids(RawClient.PUBREC, 1)).containsExactly(5);
            client.send(RawClient.pubrel(5));
            assertThat(client.ids(RawClient.PUBCOMP, 1)).containsExactly(5);
        }
    }

    @Test
    void acknowledgements_keep_the_order_of_the_messages() throws IOException {
        try (RawClient client = RawClient.accepted(rig.port(), "c")) {
            client.send(publish("wanted/a", 1, 1), publish("nobody/stores/this", 1, 2), publish("wanted/b", 1, 3));
            awaitAppends(2);
            rig.journal.appends.get(1).store();
            assertThat(client.isSilentFor(150)).isTrue();
            rig.journal.appends.get(0).store();
            assertThat(client.ids(RawClient.PUBACK, 3)).containsExactly(1, 2, 3);
        }
    }

    @Test
    void a_message_that_nobody_stores_is_acknowledged_at_once() throws IOException {
        try (RawClient client = RawClient.accepted(rig.port(), "c")) {
            client.send(publish("free/a", 1, 1), publish("free/a", 2, 2));
            assertThat(client.read()).extracting(Packet::type, Packet::id).containsExactly(RawClient.PUBACK, 1);
            assertThat(client.read()).extracting(Packet::type, Packet::id).containsExactly(RawClient.PUBREC, 2);
        }
        assertThat(rig.journal.appends).isEmpty();
    }

    @Test
    void one_client_that_waits_for_the_journal_holds_up_no_other() throws IOException {
        try (RawClient waiting = RawClient.accepted(rig.port(), "w"); RawClient other = RawClient.accepted(rig.port(), "o")) {
            waiting.send(publish("wanted/a", 1, 1));
            awaitAppends(1);
            other.send(publish("free/a", 1, 9));
            assertThat(other.ids(RawClient.PUBACK, 1)).containsExactly(9);
        }
    }

    @Test
    void a_refused_message_is_never_acknowledged_nor_routed_and_its_connection_is_closed() throws IOException {
        try (RawClient client = RawClient.accepted(rig.port(), "c"); RawClient listener = RawClient.accepted(rig.port(), "l")) {
            listener.send(RawClient.subscribe(1, "#", 0));
            assertThat(listener.read().type()).isEqualTo(RawClient.SUBACK);
            client.send(publish("wanted/a", 1, 1), publish("wanted/b", 1, 2));
            awaitAppends(2);
            rig.journal.appends.get(1).store();
            rig.journal.appends.get(0).refuse();
            assertThat(client.isClosedByPeer()).isTrue();
            Packet routed = listener.read();
            assertThat(routed.topic()).as("only what is stored is routed").isEqualTo("wanted/b");
        }
        assertThat(rig.broker.status().publishesRefused()).isEqualTo(1);
        assertThat(rig.broker.alarms().check().status()).isEqualTo(Status.CRITICAL);
        assertThat(rig.broker.alarms().check().reason()).contains("quota of the test");
        assertThat(rig.events).anySatisfy(e -> assertThat(e.text()).contains("journal refuses"));
    }

    @Test
    void without_a_journal_what_must_be_stored_is_refused_and_the_rest_goes_on() throws IOException {
        rig.journalRuns = false;
        try (RawClient wanting = RawClient.accepted(rig.port(), "w"); RawClient free = RawClient.accepted(rig.port(), "f")) {
            wanting.send(publish("wanted/a", 1, 1));
            free.send(publish("free/a", 1, 2));
            assertThat(free.ids(RawClient.PUBACK, 1)).containsExactly(2);
            assertThat(wanting.isClosedByPeer()).isTrue();
        }
        assertThat(rig.broker.alarms().check().status()).isEqualTo(Status.CRITICAL);
    }

    @Test
    void a_journal_that_never_answers_costs_the_connection_after_the_time_out() throws IOException {
        Settings d = Rig.DEFAULTS;
        try (Rig hasty = Rig.listening(Rig.plain("127.0.0.1", 0, false, 10, d.connectTimeout(),
            Duration.ofMillis(300)))) {
            hasty.journal.storesAtOnce = false;
            try (RawClient client = RawClient.accepted(hasty.port(), "c")) {
                client.send(publish("wanted/a", 1, 1));
                assertThat(client.isClosedByPeer()).isTrue();
            }
        }
    }

    @Test
    void what_waits_for_the_journal_is_bounded_by_not_reading_on() throws Exception {
        int sent = 3_000;
        try (RawClient client = RawClient.accepted(rig.port(), "c")) {
            Thread sender = new Thread(() -> {
                try {
                    for (int id = 1; id <= sent; id++) {
                        client.send(publish("wanted/a", "z".repeat(4_000), 1, id, false, false));
                    }
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            sender.start();
            rig.await(() -> rig.journal.appends.size() >= 250, "the bound of one mebibyte is reached");
            assertThat(client.isSilentFor(300)).isTrue();
            assertThat(rig.journal.appends.size()).as("a mebibyte and what one read brings").isLessThan(300);
            rig.journal.storesAtOnce = true;
            rig.journal.appends.forEach(TestJournal.Append::store);
            List<Integer> ids = client.ids(RawClient.PUBACK, sent);
            assertThat(ids).isSorted().hasSize(sent);
            sender.join();
        }
    }

    @Test
    void a_qos_2_message_that_comes_again_is_stored_once() throws IOException {
        rig.journal.storesAtOnce = true;
        try (RawClient client = RawClient.accepted(rig.port(), "c")) {
            client.send(publish("wanted/a", 2, 5), publish("wanted/a", "x", 2, 5, false, true));
            assertThat(client.ids(RawClient.PUBREC, 2)).containsExactly(5, 5);
            client.send(RawClient.pubrel(5));
            assertThat(client.ids(RawClient.PUBCOMP, 1)).containsExactly(5);
            client.send(publish("wanted/a", 2, 5));
            assertThat(client.ids(RawClient.PUBREC, 1)).containsExactly(5);
        }
        assertThat(rig.journal.appends).hasSize(2);
    }

    @Test
    void a_qos_2_message_of_a_persistent_session_is_stored_once_across_a_reconnect() throws IOException {
        RawClient before = new RawClient(rig.port());
        before.send(RawClient.connect("p", "sensor", "sensor-secret", false));
        before.read();
        before.send(publish("wanted/a", 2, 5));
        awaitAppends(1);
        before.cut();
        try (RawClient after = new RawClient(rig.port())) {
            after.send(RawClient.connect("p", "sensor", "sensor-secret", false));
            assertThat(after.read().body()[0]).as("session present").isEqualTo((byte) 1);
            after.send(publish("wanted/a", "x", 2, 5, false, true));
            assertThat(after.isSilentFor(100)).as("it is still not stored").isTrue();
            rig.journal.appends.get(0).store();
            assertThat(after.ids(RawClient.PUBREC, 1)).containsExactly(5);
        }
        assertThat(rig.journal.appends).hasSize(1);
    }

    @Test
    void a_repeated_qos_1_message_that_was_never_seen_is_stored_and_routed() throws IOException {
        rig.journal.storesAtOnce = true;
        try (RawClient client = RawClient.accepted(rig.port(), "c"); RawClient listener = RawClient.accepted(rig.port(), "l")) {
            listener.send(RawClient.subscribe(1, "wanted/a", 0));
            listener.read();
            client.send(publish("wanted/a", "again", 1, 4, false, true));
            assertThat(client.ids(RawClient.PUBACK, 1)).containsExactly(4);
            assertThat(listener.read().payload()).isEqualTo("again");
        }
    }

    @Test
    void publishing_under_the_gateways_own_topics_ends_the_connection_except_for_commands() throws IOException {
        for (String topic : List.of("edge/v1/boiler", "edge", "edge/x", "edge/v1/cmd/pump")) {
            try (RawClient client = RawClient.accepted(rig.port(), "viewer")) {
                client.send(publish(topic, 1, 1));
                assertThat(client.isClosedByPeer()).as(topic).isTrue();
            }
        }
        try (RawClient panel = new RawClient(rig.port())) {
            panel.send(RawClient.connect("panel", "panel", "panel-secret", true), publish("edge/v1/cmd/pump", 1, 1));
            assertThat(panel.read().type()).isEqualTo(RawClient.CONNACK);
            assertThat(panel.ids(RawClient.PUBACK, 1)).containsExactly(1);
        }
        try (RawClient client = RawClient.accepted(rig.port(), "viewer")) {
            client.send(publish("edge/v1/boiler", 0, 0), RawClient.ping());
            assertThat(client.read().type()).as("QoS 0 is only dropped").isEqualTo(RawClient.PINGRESP);
        }
        assertThat(rig.broker.status().publishesRefused()).isEqualTo(5);
    }

    @Test
    void health_recovers_when_the_journal_takes_messages_again() throws IOException {
        rig.journal.refuses = true;
        try (RawClient client = RawClient.accepted(rig.port(), "c")) {
            client.send(publish("wanted/a", 1, 1));
            assertThat(client.isClosedByPeer()).isTrue();
        }
        assertThat(rig.broker.alarms().check().status()).isEqualTo(Status.CRITICAL);
        rig.journal.refuses = false;
        rig.journal.storesAtOnce = true;
        rig.await(() -> {
            rig.broker.bus().publish(rig.tags.scan("boiler", TestTags.reading("t", 1)));
            return rig.broker.alarms().check().status() == Status.OK;
        }, "health is well again");
        rig.await(() -> rig.events.stream().anyMatch(e -> e.text().contains("takes messages again")), "the recovery is told");
    }
}
