// SPDX-License-Identifier: Apache-2.0
package edge.broker;

import static edge.broker.RawClient.publish;
import static edge.broker.RawClient.subscribe;
import static edge.broker.TestTags.reading;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import edge.api.access.AccessDeniedException;
import edge.api.access.Caller;
import edge.api.access.Role;
import edge.api.device.FieldDevice.Observation;
import edge.api.journal.JournalException;
import edge.api.message.Message;
import edge.api.message.RawMessage;
import edge.api.message.Receipt;
import edge.api.message.ScanMessage;
import edge.api.message.StreamId;
import edge.broker.RawClient.Packet;
import edge.broker.access.AccessFile;
import edge.broker.access.TopicRules;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RoutingTest extends BrokerTest {

    private static final Caller PERSON = new Caller(Caller.Kind.PERSON, "ann", Role.VIEWER, "test");
    private static final Caller PART = Caller.system("test");

    private static RawMessage raw(String topic, String text, int qos, boolean retain, Caller caller) {
        return new RawMessage(topic, text.getBytes(java.nio.charset.StandardCharsets.UTF_8), qos, retain, TestTags.now(),
            caller);
    }

    private RawClient subscriber(String filter, int qos) throws IOException {
        RawClient client = RawClient.accepted(rig.port(), "sub-" + filter.replace('/', '-') + System.nanoTime());
        client.send(subscribe(1, filter, qos));
        Packet suback = client.read();
        assertThat(suback.type()).isEqualTo(RawClient.SUBACK);
        return client;
    }

    @Test
    void a_scan_reaches_the_journal_subscribers_inside_and_subscribers_by_mqtt() throws Exception {
        List<Message> inside = Collections.synchronizedList(new ArrayList<>());
        rig.broker.bus().subscribe("edge/#", inside::add);
        try (RawClient outside = subscriber("edge/v1/+", 0)) {
            ScanMessage scan = new ScanMessage("boiler", TestTags.now(), List.of(reading("temp", 42)));
            Receipt receipt = rig.broker.bus().publish(scan).toCompletableFuture().get();
            assertThat(receipt.key()).isPresent();
            Packet packet = outside.read();
            assertThat(packet.topic()).isEqualTo("edge/v1/boiler");
            assertThat(packet.retained()).isFalse();
            assertThat(packet.payload()).contains("\"schema\":\"edge.scan/1\"", "\"temp\":{\"value\":42,");
            rig.await(() -> inside.size() == 1, "the subscriber inside is told");
            assertThat(inside).containsExactly(scan);
            assertThat(rig.journal.appends).singleElement()
                .satisfies(a -> assertThat(a.stream()).isEqualTo(StreamId.device("boiler")));
        }
    }

    @Test
    void other_rules_are_in_force_at_once_and_end_no_session() throws Exception {
        try (RawClient reader = subscriber("plant/#", 0); RawClient writer = RawClient.accepted(rig.port(), "writer")) {
            rig.access = TopicRules.unavailable("a test");
            writer.send(RawClient.publish("plant/1", "denied", 0, 0, false, false), RawClient.ping());
            assertThat(writer.read().type()).isEqualTo(RawClient.PINGRESP);
            rig.broker.bus().publish(raw("plant/1", "not for the reader", 0, false, Caller.system("test"))).toCompletableFuture().get();
            rig.access = TopicRules.OPEN;
            writer.send(RawClient.publish("plant/1", "allowed", 0, 0, false, false));
            assertThat(reader.read().payload()).isEqualTo("allowed");
        }
    }

    @Test
    void a_client_that_comes_back_with_a_lesser_role_gets_no_more_than_that_may_read() throws Exception {
        rig.access = AccessFile.read("{\"rules\": [{\"role\": \"operator\", \"read\": [\"plant/#\"]},"
            + " {\"users\": [\"sensor\"], \"write\": [\"plant/#\"]}, {\"read\": [\"free\"], \"write\": [\"free\"]}]}");
        byte[] connect = RawClient.connect("panel", "panel", "panel-secret", false);
        try (RawClient writer = RawClient.accepted(rig.port(), "writer")) {
            try (RawClient operator = new RawClient(rig.port())) {
                operator.send(connect, subscribe(1, "plant/#", 0), subscribe(2, "free", 0));
                assertThat(operator.read().type()).isEqualTo(RawClient.CONNACK);
                assertThat(operator.read().type()).isEqualTo(RawClient.SUBACK);
                assertThat(operator.read().type()).isEqualTo(RawClient.SUBACK);
                writer.send(publish("plant/1", "for operators", 0, 0, false, false));
                assertThat(operator.read().payload()).isEqualTo("for operators");
            }
            rig.accounts.machines.put("panel", Role.VIEWER);
            try (RawClient viewer = new RawClient(rig.port())) {
                viewer.send(connect);
                assertThat(viewer.read().type()).isEqualTo(RawClient.CONNACK);
                writer.send(publish("plant/1", "not for the viewer", 0, 0, false, false), publish("free", "for all", 0, 0, false, false));
                assertThat(viewer.read().payload()).isEqualTo("for all");
            }
        }
    }

    @Test
    void scans_that_nobody_here_wants_do_not_wait_for_the_loop() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        rig.broker.bus().subscribe("edge/v1/slow", message -> awaitQuietly(held));
        rig.broker.bus().publish(new ScanMessage("slow", TestTags.now(), List.of(reading("temp", 1))));
        // More than would find room: each wanted one would have to wait for the loop.
        for (int i = 0; i < 20_000; i++) {
            rig.broker.bus().publish(new ScanMessage("boiler", TestTags.now(), List.of(reading("temp", i))));
        }
        assertThat(rig.broker.status().dropped()).isZero();
        held.countDown();
        rig.await(() -> rig.journal.appends.size() == 20_001, "all of them are in the journal");
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void a_scan_is_routed_although_the_journal_refuses_it() throws Exception {
        rig.journal.refuses = true;
        try (RawClient outside = subscriber("edge/v1/boiler", 0)) {
            ScanMessage scan = new ScanMessage("boiler", TestTags.now(), List.of(reading("temp", 1)));
            CompletableFuture<Receipt> result = rig.broker.bus().publish(scan).toCompletableFuture();
            assertThatThrownBy(result::get).hasRootCauseInstanceOf(JournalException.class);
            assertThat(outside.read().topic()).isEqualTo("edge/v1/boiler");
        }
    }

    @Test
    void a_new_subscriber_gets_the_last_value_of_every_tag_and_not_the_last_scan() throws IOException {
        rig.broker.bus().publish(rig.tags.scan("boiler", reading("temp", 1), reading("level", 2)));
        rig.broker.bus().publish(rig.tags.scan("boiler", reading("temp", 3)));
        rig.broker.bus().publish(rig.tags.scan("mixer", reading("speed", 4)));
        for (String filter : List.of("edge/v1/boiler", "edge/v1/+", "edge/#", "#")) {
            for (int qos = 0; qos <= 1; qos++) {
                try (RawClient client = subscriber(filter, qos)) {
                    Packet first = client.read();
                    assertThat(first.topic()).isEqualTo("edge/v1/boiler");
                    assertThat(first.retained()).as("%s at QoS %d", filter, qos).isTrue();
                    assertThat(first.qos()).isEqualTo(qos);
                    assertThat(first.payload()).contains("\"temp\":{\"value\":3", "\"level\":{\"value\":2");
                }
            }
        }
    }

    @Test
    void all_last_values_reach_a_subscriber_however_many_they_are() throws IOException {
        for (int device = 0; device < 400; device++) {
            edge.api.device.Reading[] readings = new edge.api.device.Reading[50];
            for (int tag = 0; tag < readings.length; tag++) {
                readings[tag] = reading("a-rather-long-name-of-a-tag-" + tag, tag);
            }
            rig.tags.scan("device-" + device, readings);
        }
        try (RawClient client = subscriber("edge/v1/+", 0)) {
            for (int device = 0; device < 400; device++) {
                assertThat(client.read().retained()).isTrue();
            }
        }
    }

    @Test
    void retained_messages_of_any_qos_reach_later_subscribers_until_an_empty_one_removes_them() throws IOException {
        try (RawClient publisher = RawClient.accepted(rig.port(), "p")) {
            publisher.send(publish("state/a", "qos 0", 0, 0, true, false), publish("state/b", "qos 1", 1, 1, true, false),
                publish("state/c", "gone", 1, 2, true, false), publish("state/c", "", 1, 3, true, false));
            publisher.ids(RawClient.PUBACK, 3);
            try (RawClient client = subscriber("state/#", 1)) {
                List<String> payloads = new ArrayList<>();
                for (int i = 0; i < 2; i++) {
                    Packet packet = client.read();
                    assertThat(packet.retained()).isTrue();
                    payloads.add(packet.qos() + " " + packet.payload());
                }
                assertThat(payloads).containsExactlyInAnyOrder("0 qos 0", "1 qos 1");
                assertThat(client.isSilentFor(100)).isTrue();
            }
        }
    }

    @Test
    void retained_messages_keep_their_flag_beyond_the_window_in_flight() throws IOException {
        try (RawClient publisher = RawClient.accepted(rig.port(), "p")) {
            for (int i = 1; i <= 50; i++) {
                publisher.send(publish("many/" + i, "v", 1, i, true, false));
            }
            publisher.ids(RawClient.PUBACK, 50);
        }
        try (RawClient client = subscriber("many/+", 1)) {
            for (int i = 0; i < 50; i++) {
                Packet packet = client.read();
                assertThat(packet.retained()).as("message %d", i).isTrue();
                byte[] body = packet.body();
                int at = 2 + packet.topic().length();
                client.send(RawClient.packet(0x40, new byte[] {body[at], body[at + 1]}));
            }
        }
    }

    @Test
    void messages_of_one_publisher_keep_their_order() throws IOException {
        try (RawClient client = subscriber("seq/#", 1); RawClient publisher = RawClient.accepted(rig.port(), "p")) {
            for (int i = 1; i <= 500; i++) {
                publisher.send(publish("seq/a", Integer.toString(i), 1, i, false, false));
            }
            for (int i = 1; i <= 500; i++) {
                Packet packet = client.read();
                assertThat(packet.payload()).isEqualTo(Integer.toString(i));
                byte[] body = packet.body();
                int at = 2 + packet.topic().length();
                client.send(RawClient.packet(0x40, new byte[] {body[at], body[at + 1]}));
            }
        }
    }

    @Test
    void a_burst_of_five_thousand_reaches_a_reading_subscriber_whole() throws IOException {
        try (RawClient client = subscriber("burst", 0); RawClient publisher = RawClient.accepted(rig.port(), "p")) {
            byte[][] burst = new byte[5_000][];
            java.util.Arrays.fill(burst, publish("burst", "0123456789".repeat(6), 0, 0, false, false));
            publisher.send(burst);
            for (int i = 0; i < burst.length; i++) {
                assertThat(client.read().topic()).isEqualTo("burst");
            }
        }
        assertThat(rig.broker.status().dropped()).isZero();
    }

    @Test
    void a_subscriber_that_does_not_read_is_bounded_counted_and_harms_no_other() throws IOException {
        try (RawClient stalled = subscriber("flood", 0); RawClient stalledToo = subscriber("flood", 1);
             RawClient healthy = subscriber("calm", 0); RawClient publisher = RawClient.accepted(rig.port(), "p")) {
            String payload = "f".repeat(100_000);
            for (int i = 1; i <= 200; i++) {
                publisher.send(publish("flood", payload, 1, i, false, false));
                assertThat(publisher.ids(RawClient.PUBACK, 1)).containsExactly(i);
            }
            publisher.send(publish("calm", "hello", 0, 0, false, false));
            assertThat(healthy.read().payload()).isEqualTo("hello");
            assertThat(rig.broker.status().dropped()).isGreaterThan(100);
            stalled.send(RawClient.ping());
            stalledToo.send(RawClient.ping());
        }
    }

    @Test
    void inside_publishers_are_authorised_too() {
        for (RawMessage message : List.of(raw("edge/v1/boiler", "x", 0, false, PERSON), raw("$SYS/x", "x", 0, false, PERSON),
            raw("edge/v1/cmd/x", "x", 0, false, PERSON))) {
            assertThatThrownBy(() -> rig.broker.bus().publish(message).toCompletableFuture().get())
                .hasCauseInstanceOf(AccessDeniedException.class).hasMessageContaining("ann");
        }
        assertThat(rig.broker.bus().publish(raw("edge/v1/cmd/x", "x", 0, false, PART))).succeedsWithin(Duration.ofSeconds(30));
        assertThatThrownBy(() -> rig.broker.bus().publish(raw("a/#", "x", 0, false, PART)).toCompletableFuture().get())
            .hasCauseInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void the_first_rule_by_name_stores_a_message_and_the_gateways_own_topics_are_never_ingested() throws Exception {
        rig.rules = List.of(new edge.broker.bus.IngestRule(StreamId.ingest("a"), List.of("x/#")),
            new edge.broker.bus.IngestRule(StreamId.ingest("b"), List.of("#")));
        rig.broker.bus().publish(raw("x/1", "", 0, false, PERSON)).toCompletableFuture().get();
        rig.broker.bus().publish(raw("y/1", "", 0, false, PERSON)).toCompletableFuture().get();
        rig.broker.bus().publish(raw("edge/v1/cmd/1", "", 0, false, PART)).toCompletableFuture().get();
        assertThat(rig.journal.appends).extracting(a -> a.stream().name()).containsExactly("a", "b");
    }

    @Test
    void a_subscriber_inside_that_throws_stops_no_other_and_an_ended_one_hears_nothing() throws Exception {
        List<String> heard = Collections.synchronizedList(new ArrayList<>());
        rig.broker.bus().subscribe("a", m -> {
            throw new IllegalStateException("on purpose");
        });
        Observation ended = rig.broker.bus().subscribe("a", m -> heard.add("ended"));
        rig.broker.bus().subscribe("+", m -> heard.add(m.topic()));
        ended.close();
        rig.broker.bus().publish(raw("a", "x", 0, false, PART)).toCompletableFuture().get();
        rig.broker.bus().publish(raw("b", "x", 0, false, PART)).toCompletableFuture().get();
        rig.await(() -> heard.size() == 2, "both messages are heard");
        assertThat(heard).containsExactly("a", "b");
        assertThatThrownBy(() -> rig.broker.bus().subscribe("a/#/b", m -> { })).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_persistent_session_gets_what_it_missed() throws IOException {
        RawClient before = new RawClient(rig.port());
        before.send(RawClient.connect("away", "sensor", "sensor-secret", false), subscribe(1, "news", 1));
        before.read();
        before.read();
        before.close();
        rig.await(() -> rig.broker.status().clients().isEmpty(), "it is away");
        rig.broker.bus().publish(raw("news", "missed", 1, false, PART));
        try (RawClient after = new RawClient(rig.port())) {
            after.send(RawClient.connect("away", "sensor", "sensor-secret", false));
            assertThat(after.read().body()[0]).as("session present").isEqualTo((byte) 1);
            assertThat(after.read().payload()).isEqualTo("missed");
        }
    }

    @Test
    void the_status_names_listener_and_clients_and_counts() throws IOException {
        try (RawClient client = subscriber("a", 0)) {
            client.send(publish("a", 0, 0));
            client.read();
            rig.await(() -> rig.broker.status().messagesIn() == 1, "it is counted");
            assertThat(rig.broker.status().messagesOut()).isEqualTo(1);
            assertThat(rig.broker.status().listeners()).singleElement().satisfies(l -> {
                assertThat(l.listening()).isTrue();
                assertThat(l.address()).isEqualTo("127.0.0.1:" + rig.port());
            });
            assertThat(rig.broker.status().clients()).singleElement().satisfies(c -> {
                assertThat(c.user()).isEqualTo("sensor");
                assertThat(c.address()).startsWith("127.0.0.1:");
                assertThat(c.since()).isAfter(java.time.Instant.now().minusSeconds(60));
            });
        }
    }
}
