// SPDX-License-Identifier: Apache-2.0
package edge.bench;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Processor time that a broker spends on a message of QoS 1 from one publisher, with 20 in flight, to one subscriber, that nobody
 * wants to have stored. Payloads of 200 bytes; each broker is in a process of its own and gets the same load.
 */
final class BrokerBenchmark implements Benchmark {

    private static final int WARM_UP = 30_000;
    private static final int MESSAGES = 60_000;
    private static final int IN_FLIGHT = 20;
    private static final int PAYLOAD = 200;
    private static final int BUFFER = 16 << 10;
    private static final int BURST = 200;
    private static final int MOST_BEHIND = 400;
    private static final long LONG = Long.MAX_VALUE / 2;

    @Override
    public List<String> names() {
        return List.of("broker.qos1.cpu", "broker.qos1.cpu-mosquitto");
    }

    @Override
    public int rounds() {
        return 3;
    }

    @Override
    public List<Sample> measure(Bench bench) throws Exception {
        double ours;
        double moquette;
        double mosquitto;
        try (BrokerUnderTest broker = BrokerUnderTest.edge(bench.folder())) {
            ours = micros(broker);
        }
        try (BrokerUnderTest broker = BrokerUnderTest.moquette(bench.folder())) {
            moquette = micros(broker);
        }
        try (BrokerUnderTest broker = BrokerUnderTest.mosquitto(bench.folder())) {
            mosquitto = micros(broker);
        }
        return List.of(new Sample(ours, "us/message", "moquette", moquette),
            new Sample(ours, "us/message", "mosquitto", mosquitto));
    }

    private static double micros(BrokerUnderTest broker) throws Exception {
        try (MqttPeer subscriber = new MqttPeer(broker.port(), "subscriber", true, BUFFER);
             MqttPeer publisher = new MqttPeer(broker.port(), "publisher", true, BUFFER)) {
            subscriber.subscribe("bench/+");
            load(publisher, subscriber, WARM_UP);
            double before = ProcessFigures.cpuSeconds(broker.pid());
            load(publisher, subscriber, MESSAGES);
            return (ProcessFigures.cpuSeconds(broker.pid()) - before) * 1e6 / MESSAGES;
        }
    }

    private static void load(MqttPeer publisher, MqttPeer subscriber, int messages) throws Exception {
        int before = subscriber.taken();
        CompletableFuture<Void> taken = new CompletableFuture<>();
        Thread taking = new Thread(() -> {
            try {
                subscriber.take(messages);
                taken.complete(null);
            } catch (Exception e) {
                taken.completeExceptionally(e);
            }
        });
        taking.start();
        for (int sent = 0; sent < messages; sent += BURST) {
            publisher.publish("bench/topic", new byte[PAYLOAD], BURST, IN_FLIGHT, LONG);
            // So that no broker has to drop anything.
            while (sent + BURST - (subscriber.taken() - before) > MOST_BEHIND && !taken.isDone()) {
                Thread.sleep(1);
            }
        }
        taken.get();
    }
}
