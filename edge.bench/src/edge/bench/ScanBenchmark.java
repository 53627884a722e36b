// SPDX-License-Identifier: Apache-2.0
package edge.bench;

import edge.json.Json;
import edge.test.support.GatewayProcess;
import edge.test.support.Until;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * The gateway as it ships, reading 500 devices of 30 tags over Modbus TCP, each on a connection of its own; the devices are in
 * another process, nobody subscribes, and every reading is published and stored.
 *
 * <p>{@code scan.15000-tags.cpu}: user and system time of the gateway at one scan a second, in percent of one core.
 * {@code scan.ceiling}: readings a second when each device is to be read every 20 ms, which is more than the machine can do, so
 * that scans are skipped; the devices' process takes its share of the same cores.
 */
final class ScanBenchmark implements Benchmark {

    private static final int DEVICES = 500;
    private static final int TAGS = 30;
    private static final Duration WARM_UP = Duration.ofSeconds(20);
    private static final Duration MEASURED = Duration.ofSeconds(10);

    @Override
    public List<String> names() {
        return List.of("scan.15000-tags.cpu", "scan.ceiling");
    }

    @Override
    public int rounds() {
        return 3;
    }

    @Override
    public List<Sample> measure(Bench bench) throws Exception {
        Figures relaxed = run(bench, 1000);
        if (relaxed.readingsPerSecond < 0.98 * DEVICES * TAGS) {
            throw new IllegalStateException("only " + relaxed.readingsPerSecond + " readings a second arrived");
        }
        Figures strained = run(bench, 20);
        return List.of(Sample.alone(relaxed.cpu * 100, "% of a core"), Sample.alone(strained.readingsPerSecond, "tags/s"));
    }

    /** @param cpu cores that the gateway used */
    private record Figures(double cpu, double readingsPerSecond) {
    }

    private static Figures run(Bench bench, int period) throws Exception {
        // The whole of 127.0.0.0/8 is the loopback: each device gets an address of its own.
        try (ModbusServerProcess field = new ModbusServerProcess("0.0.0.0");
            GatewayProcess gateway = new GatewayProcess(bench.folder().resolve("data"))) {
            for (int i = 0; i < DEVICES; i++) {
                gateway.configure("edge.drivers.modbus~d" + i, configuration(i, field.port(), period));
            }
            gateway.start();
            Until.holds(Duration.ofSeconds(120), "every device to be read", gateway::log, () -> isRead(gateway));
            LockSupport.parkNanos(WARM_UP.toNanos());
            long pid = gateway.program().pid();
            Counts before = Counts.of(gateway);
            double cpu = ProcessFigures.cpuSeconds(pid);
            long start = System.nanoTime();
            LockSupport.parkNanos(MEASURED.toNanos());
            double cores = (ProcessFigures.cpuSeconds(pid) - cpu) * 1e9 / (System.nanoTime() - start);
            return new Figures(cores, Counts.of(gateway).scansPerSecondSince(before) * TAGS);
        }
    }

    private static boolean isRead(GatewayProcess gateway) throws Exception {
        List<Json> devices = gateway.items("/api/v1/devices");
        for (Json device : devices) {
            if (device.asObject().get("tags").asObject().integer("bad", 0, TAGS) > 0) {
                return false;
            }
        }
        return devices.size() == DEVICES;
    }

    /** How many scans of each device had completed when. */
    private record Counts(long[] completed, long[] nanos) {

        static Counts of(GatewayProcess gateway) throws Exception {
            Counts counts = new Counts(new long[DEVICES], new long[DEVICES]);
            for (int i = 0; i < DEVICES; i++) {
                for (Json scan : gateway.json("/api/v1/devices/d" + i).asObject().get("scans").asArray()) {
                    counts.completed[i] += scan.asObject().integer("completed", 0, Long.MAX_VALUE);
                }
                counts.nanos[i] = System.nanoTime();
            }
            return counts;
        }

        double scansPerSecondSince(Counts before) {
            double rate = 0;
            for (int i = 0; i < DEVICES; i++) {
                rate += (completed[i] - before.completed[i]) * 1e9 / (nanos[i] - before.nanos[i]);
            }
            return rate;
        }
    }

    private static String configuration(int device, int port, int period) {
        StringBuilder tags = new StringBuilder();
        for (int i = 0; i < TAGS; i++) {
            tags.append(i == 0 ? "" : ",\n").append("{\"name\": \"r").append(i)
                .append("\", \"table\": \"holding\", \"address\": ").append(i).append(", \"type\": \"uint16\", \"period\": ")
                .append(period).append("}");
        }
        return "{\"host\": \"127.1." + device / 250 + "." + (1 + device % 250) + "\", \"port\": " + port + ", \"tags\": ["
            + tags + "]}";
    }
}
