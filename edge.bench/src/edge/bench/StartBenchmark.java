// SPDX-License-Identifier: Apache-2.0
package edge.bench;

import edge.json.Json;
import edge.json.JsonParser;
import edge.test.support.Cloud;
import edge.test.support.GatewayProcess;
import edge.test.support.Plc;
import edge.test.support.Until;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Start and memory of the product image: from the start of the process to the first reading that is published, on a warm disk
 * cache; and the resident memory a minute later, with broker, one uplink and the console in use.
 */
final class StartBenchmark implements Benchmark {

    private static final Duration SETTLE = Duration.ofMinutes(1);

    @Override
    public List<String> names() {
        return List.of("start.first-reading", "start.memory");
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
            gateway.readPlc("plc", plc.port());
            gateway.sendTo("cloud", cloud.port());
            Instant started = Instant.now();
            gateway.launch(Path.of(System.getProperty("java.home")));
            Until.holds(Duration.ofSeconds(60), "the first record", gateway::log,
                () -> cloud.count("device/plc") > 0);
            Json.Obj first = JsonParser.parse(cloud.payloads("device/plc").get(0)).asObject();
            double milliseconds = Duration.between(started, Instant.parse(first.text("time"))).toNanos() / 1e6;

            Until.holds(Duration.ofSeconds(60), "the console", gateway::log,
                () -> gateway.get("/api/v1/gateway").statusCode() == 200);
            // The console in use: somebody looks at it once a second.
            long end = System.nanoTime() + SETTLE.toNanos();
            while (System.nanoTime() - end < 0) {
                gateway.get("/api/v1/devices");
                gateway.get("/");
                LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
            }
            return List.of(Sample.alone(milliseconds, "ms"),
                Sample.alone(ProcessFigures.residentMegabytes(gateway.pid()), "MB"));
        }
    }
}
