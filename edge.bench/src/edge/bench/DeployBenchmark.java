// SPDX-License-Identifier: Apache-2.0
package edge.bench;

import edge.json.Json;
import edge.json.JsonParser;
import edge.test.support.Deployments;
import edge.test.support.DriverJar;
import edge.test.support.GatewayProcess;
import edge.test.support.SwapRun;
import edge.test.support.Until;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Hot deployment: from a driver's jar in the watched folder to its first value; the worst gap of a device whose driver is
 * swapped, in scan periods of one second; and how long it takes to have the old driver back when the new one failed its
 * probation. {@code -Dedge.swaps} says how many swaps.
 */
final class DeployBenchmark implements Benchmark {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int SWAPS = Integer.getInteger("edge.swaps", 8);

    @Override
    public List<String> names() {
        return List.of("deploy.first-value", "deploy.gap", "deploy.rollback");
    }

    @Override
    public int rounds() {
        return 1;
    }

    @Override
    public List<Sample> measure(Bench bench) throws Exception {
        Path folder = bench.folder();
        double first;
        double back;
        try (GatewayProcess gateway = new GatewayProcess(folder.resolve("data"))) {
            gateway.configure("edge.runtime.deploy", "{\"probation\": 1}");
            gateway.start();
            first = firstValue(gateway, folder);
            back = rollback(gateway);
        }
        double gap;
        try (SwapRun run = new SwapRun(bench.folder())) {
            gap = run.swapModbus(SWAPS).of(SwapRun.TCP).worst();
        }
        return List.of(Sample.alone(first, "ms"), Sample.alone(gap, "periods"), Sample.alone(back, "ms"));
    }

    private static double firstValue(GatewayProcess gateway, Path folder) throws Exception {
        Path made = new DriverJar("acme.fresh", "1.0.0").header("X-Period", "10000").write(folder);
        Instant dropped = Instant.now();
        Files.move(made, gateway.data().resolve("deploy/fresh.jar"), StandardCopyOption.ATOMIC_MOVE);
        Json.Obj[] tag = new Json.Obj[1];
        Until.holds(PATIENCE, "the first value", gateway::log, () -> {
            tag[0] = JsonParser.parse(gateway.get("/api/v1/devices/fresh/tags/t0").body()).asObject();
            return tag[0].has("time") && tag[0].text("quality", "good").equals("good");
        });
        return Duration.between(dropped, Instant.parse(tag[0].text("time"))).toNanos() / 1e6;
    }

    private static double rollback(GatewayProcess gateway) throws Exception {
        Deployments deployments = new Deployments(gateway);
        deployments.install(0, new DriverJar("acme.victim", "1.0.0").bytes());
        Json.Obj report = deployments.install(5, new DriverJar("acme.victim", "2.0.0").mode("threads").bytes());
        if (!report.text("outcome").equals("rolled-back")) {
            throw new IllegalStateException("it was not rolled back: " + report.text("outcome"));
        }
        return report.integer("tookMillis", 0, Long.MAX_VALUE);
    }
}
