// SPDX-License-Identifier: Apache-2.0
package edge.bench;

import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Acknowledged messages a second of QoS 1 for a session that is away: each is on disk before its PUBACK. One publisher with 20 in
 * flight, payloads of 200 bytes; beside Artemis with its journal, which syncs too.
 */
final class BrokerDurableBenchmark implements Benchmark {

    private static final long WARM_UP_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final int MOST = 900_000;
    private static final int IN_FLIGHT = 20;
    private static final int PAYLOAD = 200;
    private static final int BUFFER = 16 << 10;

    @Override
    public List<String> names() {
        return List.of("broker.qos1.durable");
    }

    @Override
    public int rounds() {
        return 3;
    }

    @Override
    public List<Sample> measure(Bench bench) throws Exception {
        double ours;
        try (BrokerUnderTest broker = BrokerUnderTest.edge(bench.folder())) {
            ours = rate(broker);
        }
        try (BrokerUnderTest broker = BrokerUnderTest.artemis(bench, bench.folder())) {
            return List.of(new Sample(ours, "messages/s", "artemis", rate(broker)));
        }
    }

    private static double rate(BrokerUnderTest broker) throws Exception {
        try (MqttPeer away = new MqttPeer(broker.port(), "away", false, BUFFER)) {
            away.subscribe("bench/+");
        }
        try (MqttPeer publisher = new MqttPeer(broker.port(), "publisher", true, BUFFER)) {
            publisher.publish("bench/topic", new byte[PAYLOAD], MOST, IN_FLIGHT, WARM_UP_NANOS);
            long start = System.nanoTime();
            int acknowledged = publisher.publish("bench/topic", new byte[PAYLOAD], MOST, IN_FLIGHT, NANOS);
            return acknowledged * 1e9 / (System.nanoTime() - start);
        }
    }
}
