// SPDX-License-Identifier: Apache-2.0
package edge.broker;

import static edge.broker.RawClient.connect;
import static edge.broker.RawClient.packet;
import static edge.broker.RawClient.publish;
import static edge.broker.RawClient.subscribe;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.SocketException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HostileClientsTest extends BrokerTest {

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
                client.send(Arrays.copyOf(bytes, cut));
                client.send(Arrays.copyOfRange(bytes, cut, bytes.length));
                if (random.nextBoolean()) {
                    client.cut();
                }
            } catch (SocketException e) {
                // Closed while it was still sending.
            }
        }
        int served = 0;
        for (int i = 0; i < 400; i++) {
            try (RawClient fresh = RawClient.accepted(rig.port(), "fresh-" + i)) {
                fresh.send(subscribe(1, "fresh/" + i, 1), publish("fresh/" + i, 0, 0));
                fresh.ids(RawClient.SUBACK, 1);
                served += fresh.read().type() == RawClient.PUBLISH ? 1 : 0;
            }
        }
        assertThat(served).isEqualTo(400);
    }
}
