// SPDX-License-Identifier: Apache-2.0
package edge.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * What an idle connection costs, of 5,000 that have signed in and subscribed: live objects on the heap, and what the process has
 * grown by beside its heap, all of which has been touched before.
 */
final class BrokerMemoryBenchmark implements Benchmark {

    private static final int CONNECTIONS = 5_000;
    private static final int FIRST = 100;
    private static final int BUFFER = 64;
    private static final double KILO = 1_024;

    @Override
    public List<String> names() {
        return List.of("broker.idle.memory");
    }

    @Override
    public int rounds() {
        return 3;
    }

    @Override
    public List<Sample> measure(Bench bench) throws Exception {
        List<MqttPeer> peers = new ArrayList<>();
        try (BrokerUnderTest broker = BrokerUnderTest.edge(bench.folder())) {
            // The first ones load classes.
            connect(broker, peers, FIRST);
            double before = kilobytes(broker);
            connect(broker, peers, CONNECTIONS);
            return List.of(Sample.alone((kilobytes(broker) - before) / CONNECTIONS, "KB"));
        } finally {
            for (MqttPeer peer : peers) {
                peer.close();
            }
        }
    }

    private static void connect(BrokerUnderTest broker, List<MqttPeer> peers, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            MqttPeer peer = new MqttPeer(broker.port(), "idle-" + peers.size(), true, BUFFER);
            peer.subscribe("idle/" + peers.size());
            peers.add(peer);
        }
    }

    private static double kilobytes(BrokerUnderTest broker) throws Exception {
        return broker.liveBytes() / KILO + ProcessFigures.residentMegabytes(broker.pid()) * KILO;
    }
}
