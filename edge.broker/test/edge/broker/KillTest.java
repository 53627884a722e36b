// SPDX-License-Identifier: Apache-2.0
package edge.broker;

import static org.assertj.core.api.Assertions.assertThat;

import edge.broker.RawClient.Packet;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills the broker while a client publishes to sessions that are away, or while these fetch what waits for them.
 * {@code -Dedge.broker.kills=100} for more rounds.
 */
class KillTest {

    private static final int ROUNDS = Integer.getInteger("edge.broker.kills", 2);
    private static final int WINDOW = 20;

    /** A publisher that does what the standard asks: what is not settled is sent again, in its order. */
    private static final class Publisher {
        private final int qos;
        private final String topic;
        private final Map<Integer, Integer> unsettled = new LinkedHashMap<>();
        private final Set<Integer> released = new HashSet<>();
        final Set<Integer> acknowledged = new LinkedHashSet<>();
        private int number;
        private int id;

        Publisher(int qos) {
            this.qos = qos;
            topic = "k/" + qos;
        }

        /** Publishes until so many more are acknowledged, or the connection breaks. */
        void publish(RawClient client, int count, Runnable kill) throws IOException {
            for (Map.Entry<Integer, Integer> each : unsettled.entrySet()) {
                client.send(released.contains(each.getKey()) ? RawClient.pubrel(each.getKey())
                    : RawClient.publish(topic, Integer.toString(each.getValue()), qos, each.getKey(), false, true));
            }
            int wanted = acknowledged.size() + count;
            while (true) {
                while (unsettled.size() < WINDOW && acknowledged.size() < wanted) {
                    id = id % 200 + 1;
                    if (unsettled.containsKey(id)) {
                        continue;
                    }
                    unsettled.put(id, number);
                    client.send(RawClient.publish(topic, Integer.toString(number++), qos, id, false, false));
                }
                if (acknowledged.size() >= wanted) {
                    kill.run();
                }
                take(client, client.read());
            }
        }

        private void take(RawClient client, Packet packet) throws IOException {
            switch (packet.type()) {
                case RawClient.PUBACK -> acknowledged.add(unsettled.remove(packet.id()));
                case RawClient.PUBREC -> {
                    acknowledged.add(unsettled.get(packet.id()));
                    released.add(packet.id());
                    client.send(RawClient.pubrel(packet.id()));
                }
                case RawClient.PUBCOMP -> {
                    unsettled.remove(packet.id());
                    released.remove(packet.id());
                }
                default -> throw new IOException("a packet of type " + packet.type());
            }
        }
    }

    /** A subscriber that does what the standard asks: a packet id that is not released yet is the same message. */
    private static final class Subscriber {
        private final int qos;
        final List<Integer> got = new ArrayList<>();
        private final Set<Integer> unreleased = new HashSet<>();

        Subscriber(int qos) {
            this.qos = qos;
        }

        /** Takes so many messages, or whatever comes until the connection breaks or nothing comes any more. */
        void take(RawClient client, int count) throws IOException {
            int wanted = got.size() + count;
            while (got.size() < wanted) {
                Packet packet = client.read();
                if (packet.type() == RawClient.PUBLISH && packet.qos() == 1) {
                    got.add(Integer.parseInt(packet.payload()));
                    client.send(RawClient.packet(0x40, id(packetId(packet))));
                } else if (packet.type() == RawClient.PUBLISH) {
                    if (unreleased.add(packetId(packet))) {
                        got.add(Integer.parseInt(packet.payload()));
                    }
                    client.send(RawClient.packet(0x50, id(packetId(packet))));
                } else if (packet.type() == RawClient.PUBREL) {
                    unreleased.remove(packet.id());
                    client.send(RawClient.packet(0x70, id(packet.id())));
                }
            }
        }

        private static int packetId(Packet packet) {
            int at = 2 + packet.topic().length();
            return (packet.body()[at] & 0xFF) << 8 | packet.body()[at + 1] & 0xFF;
        }

        private static byte[] id(int packetId) {
            return new byte[] {(byte) (packetId >> 8), (byte) packetId};
        }
    }

    @TempDir
    Path folder;

    private static RawClient connect(int port, String id) throws IOException {
        RawClient client = new RawClient(port);
        client.send(RawClient.connect(id, "sensor", "sensor-secret", false));
        Packet connack = client.read();
        assertThat(connack.type()).isEqualTo(RawClient.CONNACK);
        assertThat(connack.body()[1]).isZero();
        return client;
    }

    @Test
    void nothing_acknowledged_is_lost_reordered_or_doubled_however_often_the_broker_is_killed(TestReporter reporter)
        throws Exception {
        Random random = new Random(11);
        List<Publisher> publishers = List.of(new Publisher(1), new Publisher(2));
        List<Subscriber> subscribers = List.of(new Subscriber(1), new Subscriber(2));
        try (BrokerProcess broker = new BrokerProcess(folder)) {
            broker.start();
            for (Subscriber each : subscribers) {
                try (RawClient client = connect(broker.port(), "away-" + each.qos)) {
                    client.send(RawClient.subscribe(1, "k/" + each.qos, each.qos));
                    assertThat(client.read().type()).isEqualTo(RawClient.SUBACK);
                }
            }
            for (int round = 0; round < ROUNDS; round++) {
                for (Publisher each : publishers) {
                    killWhilePublishing(broker, each, 50 + random.nextInt(400));
                    broker.start();
                }
                for (Subscriber each : subscribers) {
                    killWhileFetching(broker, each, 10 + random.nextInt(100));
                    broker.start();
                }
            }
            for (int i = 0; i < publishers.size(); i++) {
                finish(broker, publishers.get(i), subscribers.get(i));
            }
        }
        reporter.publishEntry("broker.kills", 4 * ROUNDS + " kills, "
            + publishers.stream().mapToInt(p -> p.acknowledged.size()).sum() + " acknowledged");
    }

    private static void killWhilePublishing(BrokerProcess broker, Publisher publisher, int count) throws Exception {
        try (RawClient client = connect(broker.port(), "publisher-" + publisher.qos)) {
            publisher.publish(client, count, () -> {
                try {
                    broker.kill();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
        } catch (EOFException | SocketException e) {
            // That is what a kill looks like.
        }
    }

    private static void killWhileFetching(BrokerProcess broker, Subscriber subscriber, int count) throws Exception {
        try (RawClient client = connect(broker.port(), "away-" + subscriber.qos)) {
            subscriber.take(client, count);
            broker.kill();
        }
    }

    private static void finish(BrokerProcess broker, Publisher publisher, Subscriber subscriber) throws Exception {
        try (RawClient client = connect(broker.port(), "publisher-" + publisher.qos)) {
            client.send(RawClient.publish("none", "", 1, 1_000, false, false));
            for (Map.Entry<Integer, Integer> each : publisher.unsettled.entrySet()) {
                client.send(publisher.released.contains(each.getKey()) ? RawClient.pubrel(each.getKey())
                    : RawClient.publish(publisher.topic, Integer.toString(each.getValue()), publisher.qos, each.getKey(),
                        false, true));
            }
            assertThat(client.read().type()).isEqualTo(RawClient.PUBACK);
            while (!publisher.unsettled.isEmpty()) {
                publisher.take(client, client.read());
            }
        }
        try (RawClient client = connect(broker.port(), "away-" + subscriber.qos)) {
            while (!new HashSet<>(subscriber.got).containsAll(publisher.acknowledged)) {
                subscriber.take(client, 1);
            }
        } catch (java.net.SocketTimeoutException e) {
            Set<Integer> lost = new LinkedHashSet<>(publisher.acknowledged);
            subscriber.got.forEach(lost::remove);
            assertThat(lost).as("acknowledged at QoS " + publisher.qos + " and lost").isEmpty();
        }
        List<Integer> once = subscriber.got.stream().distinct().toList();
        if (subscriber.qos == 2) {
            assertThat(subscriber.got).as("exactly once").isEqualTo(once);
        }
        assertThat(once).as("in order").isSorted();
    }
}
