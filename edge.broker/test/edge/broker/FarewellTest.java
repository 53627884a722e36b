// SPDX-License-Identifier: Apache-2.0
package edge.broker;

import static org.assertj.core.api.Assertions.assertThat;

import edge.api.access.Caller;
import edge.broker.RawClient.Packet;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** How connections end: whoever is sent away can read why although he writes on, and nobody holds a connection by not going. */
class FarewellTest extends BrokerTest {

    private static final int DISCONNECT = 14;
    /** Much more than one read takes in, and less than is thrown away. */
    private static final byte[] MORE = RawClient.publish("t", "x".repeat(500_000), 0, 0, false, false);

    private RawClient accepted5(String id) throws IOException {
        RawClient client = new RawClient(rig.port());
        client.send(Mqtt5Test.connect(id, true, ""));
        assertThat(client.read().type()).isEqualTo(RawClient.CONNACK);
        return client;
    }

    private static byte[] wanted(int payload) {
        return RawClient.packet(0x32, HexFormat.of().parseHex("000877616e7465642f78" + "0001" + "00" + "78".repeat(payload)));
    }

    private static void awaitConnections(Rig rig, int count) {
        rig.await(() -> rig.broker.figures().connections() == count, count + " connections are left");
    }

    @Test
    void a_client_of_mqtt_5_that_writes_on_reads_why_it_is_disconnected() throws IOException {
        try (RawClient client = accepted5("talker")) {
            // A PUBLISH with a property that does not exist.
            client.send(HexFormat.of().parseHex("30050001740155"), MORE);
            client.send(MORE);
            Packet told = client.read();
            assertThat(told.type()).isEqualTo(DISCONNECT);
            assertThat(told.body()).startsWith(0x81);
            assertThat(client.isEnded()).as("the end, and no reset").isTrue();
        }
        awaitConnections(rig, 0);
    }

    @Test
    void a_client_that_is_disconnected_by_an_operator_while_nothing_is_read_of_it_reads_why() throws IOException {
        rig.journal.storesAtOnce = false;
        try (RawClient client = accepted5("talker")) {
            // More than may wait to be stored: the broker stops reading.
            client.send(wanted(600_000), wanted(600_000), wanted(50_000));
            rig.await(() -> rig.journal.appends.size() == 2, "two wait to be stored");
            assertThat(rig.broker.disconnect("talker", Caller.system("test"))).isTrue();
            Packet told = client.read();
            assertThat(told.type()).isEqualTo(DISCONNECT);
            assertThat(told.body()).startsWith(0x98);
            assertThat(client.isEnded()).as("the end, and no reset").isTrue();
        }
    }

    @Test
    void a_client_that_is_refused_and_writes_on_reads_its_connack() throws IOException {
        try (RawClient client = new RawClient(rig.port()); RawClient client5 = new RawClient(rig.port())) {
            client.send(RawClient.connect("c", "sensor", "wrong", true), MORE);
            client.send(MORE);
            assertThat(client.read().body()).startsWith(0, 4);
            assertThat(client.isEnded()).as("the end, and no reset").isTrue();
            client5.send(Mqtt5Test.connect("c5", true, "15" + "0005" + "534352414d"), MORE);
            assertThat(client5.read().body()).startsWith(0, 0x8C);
            assertThat(client5.isEnded()).as("the end, and no reset").isTrue();
        }
    }

    @Test
    void a_session_is_free_while_its_connection_still_ends() throws IOException {
        try (RawClient client = accepted5("c"); RawClient newer = new RawClient(rig.port())) {
            client.send(RawClient.packet(0xE0, new byte[0]));
            assertThat(client.isEnded()).isTrue();
            assertThat(rig.broker.status().clients()).isEmpty();
            newer.send(Mqtt5Test.connect("c", true, ""));
            assertThat(newer.read().body()[1]).isZero();
        }
    }

    @Test
    void a_client_that_does_not_go_is_cut_off_after_a_while() throws IOException {
        Settings d = Rig.DEFAULTS;
        try (Rig hasty = Rig.listening(Rig.plain("127.0.0.1", 0, false, 10, Duration.ofMillis(300), d.acknowledgeTimeout()));
             RawClient client = new RawClient(hasty.port())) {
            client.send(RawClient.ping());
            assertThat(client.isEnded()).as("told that nothing comes any more").isTrue();
            awaitConnections(hasty, 0);
        }
    }

    @Test
    void a_client_that_writes_without_end_is_cut_off_after_a_bounded_number_of_bytes() throws IOException {
        try (RawClient client = accepted5("endless")) {
            client.send(HexFormat.of().parseHex("30050001740155"));
            long sent = 0;
            try {
                while (sent < 1L << 30) {
                    client.send(MORE);
                    sent += MORE.length;
                }
            } catch (SocketException e) {
                // That is what being cut off looks like.
            }
            assertThat(sent).as("two mebibytes, and what sockets hold").isLessThan(64L << 20);
            awaitConnections(rig, 0);
        }
    }

    @Test
    void a_client_that_reads_nothing_cannot_hold_its_connection_by_what_waits_for_it() throws IOException {
        try (RawClient stalled = accepted5("stalled"); RawClient publisher = RawClient.accepted(rig.port(), "p")) {
            stalled.send(RawClient.packet(0x82, HexFormat.of().parseHex("0001" + "00" + "000174" + "00")));
            assertThat(stalled.read().type()).isEqualTo(RawClient.SUBACK);
            // Until no more is written to it.
            for (int id = 1; rig.broker.status().dropped() == 0; id = id % 60_000 + 1) {
                publisher.send(RawClient.publish("t", "x".repeat(100_000), 1, id, false, false));
                assertThat(publisher.ids(RawClient.PUBACK, 1)).containsExactly(id);
            }
            assertThat(rig.broker.disconnect("stalled", Caller.system("test"))).isTrue();
            awaitConnections(rig, 1);
        }
    }
}
