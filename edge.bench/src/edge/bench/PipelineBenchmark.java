// SPDX-License-Identifier: Apache-2.0
package edge.bench;

import edge.test.support.Cloud;
import edge.test.support.GatewayProcess;
import edge.test.support.Plc;
import edge.test.support.Until;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * CPU for each reading over the whole way, from the wire of the field to the cloud's acknowledgement: user and system time of
 * the gateway's process over the readings that arrived. A device of 100 registers, one tag each, ten scans a second.
 */
final class PipelineBenchmark implements Benchmark {

    private static final int TAGS = 100;
    private static final int WARM_UP_SCANS = 300;
    private static final int SCANS = 200;

    @Override
    public List<String> names() {
        return List.of("pipeline.cpu-per-reading");
    }

    @Override
    public int rounds() {
        return 3;
    }

    @Override
    public List<Sample> measure(Bench bench) throws Exception {
        Path folder = bench.folder();
        try (Cloud cloud = new Cloud(folder); Plc plc = new Plc(folder);
            GatewayProcess gateway = new GatewayProcess(folder.resolve("data"))) {
            gateway.configure("edge.drivers.modbus~plc", configuration(plc.port()));
            gateway.sendTo("cloud", cloud.port());
            gateway.start();
            waitFor(cloud, gateway, WARM_UP_SCANS);
            long records = cloud.count("device/plc");
            double cpu = ProcessFigures.cpuSeconds(gateway.pid());
            waitFor(cloud, gateway, records + SCANS);
            double used = ProcessFigures.cpuSeconds(gateway.pid()) - cpu;
            long readings = (cloud.count("device/plc") - records) * TAGS;
            return List.of(Sample.alone(used * 1e6 / readings, "us"));
        }
    }

    private static void waitFor(Cloud cloud, GatewayProcess gateway, long records) {
        Until.holds(Duration.ofSeconds(120), records + " records", gateway::log,
            () -> cloud.count("device/plc") >= records);
    }

    private static String configuration(int port) {
        StringBuilder tags = new StringBuilder();
        for (int i = 0; i < TAGS; i++) {
            tags.append(i == 0 ? "" : ",\n").append("{\"name\": \"r").append(i)
                .append("\", \"table\": \"holding\", \"address\": ").append(i)
                .append(", \"type\": \"uint16\", \"period\": 100}");
        }
        return "{\"host\": \"127.0.0.1\", \"port\": " + port + ", \"tags\": [" + tags + "]}";
    }
}
