// SPDX-License-Identifier: Apache-2.0
package edge.bench;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What one bad client costs the others: the time within which 99 of 100 messages are with their subscriber and acknowledged,
 * while another client publishes as fast as the broker, with the limits that ship, takes it; and while a subscriber to a busy
 * topic has stopped to read. Beside it the same without: nobody floods, and that subscriber reads.
 */
final class BrokerFairnessBenchmark implements Benchmark {

    private static final int PROBES = 1_000;
    private static final int WARM_UP = 500;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(4);
    private static final long LONG = Long.MAX_VALUE / 2;
    private static final int FLOOD_IN_FLIGHT = 500;
    private static final int BUSY_BURST = 20;
    private static final int BUFFER = 16 << 10;

    /** What else happens in the broker until it is closed. */
    private interface Company {
        void run() throws IOException;
    }

    @Override
    public List<String> names() {
        return List.of("broker.flood.p99", "broker.stalled.p99");
    }

    @Override
    public int rounds() {
        return 3;
    }

    @Override
    public List<Sample> measure(Bench bench) throws Exception {
        try (BrokerUnderTest broker = BrokerUnderTest.edgeAsShipped(bench.folder())) {
            int port = broker.port();
            p99(port, WARM_UP);
            double alone = p99(port, PROBES);
            double flooded;
            try (MqttPeer flood = new MqttPeer(port, "flood", true, BUFFER)) {
                start(() -> flood.publish("flood/x", new byte[100], Integer.MAX_VALUE, FLOOD_IN_FLIGHT, LONG));
                flooded = p99(port, PROBES);
            }
            double reading;
            double stalled;
            try (MqttPeer busy = new MqttPeer(port, "busy", true, BUFFER)) {
                start(() -> {
                    while (true) {
                        busy.publish("busy/x", new byte[1_000], BUSY_BURST, BUSY_BURST, LONG);
                        LockSupport.parkNanos(2 * PAUSE_NANOS);
                    }
                });
                try (MqttPeer subscriber = new MqttPeer(port, "reading", true, BUFFER)) {
                    subscriber.subscribe("busy/+");
                    start(() -> subscriber.take(Integer.MAX_VALUE));
                    reading = p99(port, PROBES);
                }
                try (MqttPeer subscriber = new MqttPeer(port, "stalled", true, BUFFER)) {
                    subscriber.subscribe("busy/+");
                    stalled = p99(port, PROBES);
                }
            }
            return List.of(new Sample(flooded, "ms", "nobody floods", alone), new Sample(stalled, "ms", "it reads", reading));
        }
    }

    private static void start(Company company) {
        Thread thread = new Thread(() -> {
            try {
                company.run();
            } catch (IOException e) {
                // Its connection was closed: it is not wanted any more.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private static double p99(int port, int probes) throws Exception {
        try (MqttPeer subscriber = new MqttPeer(port, "probed", true, BUFFER);
             MqttPeer publisher = new MqttPeer(port, "probing", true, BUFFER)) {
            subscriber.subscribe("probe/+");
            double[] millis = new double[probes];
            for (int i = 0; i < probes; i++) {
                long start = System.nanoTime();
                publisher.publish("probe/x", new byte[100], 1, 1, LONG);
                subscriber.take(1);
                millis[i] = (System.nanoTime() - start) / 1e6;
                LockSupport.parkNanos(PAUSE_NANOS);
            }
            Arrays.sort(millis);
            return millis[probes * 99 / 100];
        }
    }
}
