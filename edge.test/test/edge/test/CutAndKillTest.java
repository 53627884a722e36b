// SPDX-License-Identifier: Apache-2.0
package edge.test;

import static org.assertj.core.api.Assertions.assertThat;

import edge.json.Json;
import edge.json.JsonParser;
import edge.test.support.Cloud;
import edge.test.support.CutProxy;
import edge.test.support.GatewayProcess;
import edge.test.support.NumberedPublisher;
import edge.test.support.Plc;
import edge.test.support.Until;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/** The promise of the product: what was acknowledged reaches the cloud, whatever is cut and killed. */
class CutAndKillTest {

    private static final int ROUNDS = Integer.getInteger("edge.rounds", 8);
    private static final int WINDOW = 200;
    private static final int BREAKS_IN_A_ROUND = 2;
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    @Test
    void with_the_cloud_cut_and_the_gateway_killed_every_sequence_number_still_arrives(@TempDir Path folder,
        TestReporter figures) throws Exception {
        long seed = Long.getLong("edge.seed", System.nanoTime());
        Random random = new Random(seed);
        try (Cloud cloud = new Cloud(folder); CutProxy cable = new CutProxy(cloud.port());
            Plc plc = new Plc(folder); GatewayProcess gateway = new GatewayProcess(folder.resolve("data"));
            NumberedPublisher publisher = new NumberedPublisher(gateway.mqttPort(), "line/1/events")) {
            gateway.readPlc("plc", plc.port());
            gateway.configure("edge.cloudconnector.mqtt~cloud", """
                {"host": "127.0.0.1", "port": %d, "tls": false, "user": "%s", ".password": "%s", "window": %d}
                """.formatted(cable.port(), Cloud.USER, Cloud.PASSWORD, WINDOW));
            gateway.configure("edge.broker.ingest~events", "{\"topics\": [\"line/+/events\"]}");
            gateway.start();

            for (int round = 1; round <= ROUNDS; round++) {
                String where = "round " + round + ", seed " + seed;
                // With the cloud there, readings and events pass.
                long before = cloud.count("device/plc");
                Until.holds(PATIENCE, "readings in the cloud, " + where, gateway::log,
                    () -> cloud.count("device/plc") >= before + 3);

                cable.cut();
                int acknowledged = publisher.acknowledged().size();
                Until.holds(PATIENCE, "events acknowledged during the cut, " + where, gateway::log,
                    () -> publisher.acknowledged().size() >= acknowledged + 20);
                Until.holds(PATIENCE, "a backlog during the cut, " + where, gateway::log,
                    () -> backlog(gateway) > 0);
                LockSupport.parkNanos(random.nextInt(300_000_000));
                gateway.kill();

                cable.mend();
                gateway.start();
                List<Integer> promised = List.copyOf(publisher.acknowledged());
                Until.holds(PATIENCE, "all that was acknowledged, " + where,
                    () -> "missing " + missing(promised, cloud) + "\n" + gateway.log(),
                    () -> missing(promised, cloud).isEmpty());
                Until.holds(PATIENCE, "sequences without holes, " + where, () -> cloud.holes() + "\n" + gateway.log(),
                    () -> cloud.holes().isEmpty());
            }

            // Nothing that the journal numbered is missing at its end either.
            publisher.close();
            Until.holds(PATIENCE, "an empty backlog", () -> cloud.holes() + "\n" + gateway.log(), () -> {
                plc.stop();
                return backlog(gateway) == 0;
            });
            assertThat(cloud.holes()).isEmpty();
            // What was under way, and what was acknowledged after the mark was last kept, which is done every second.
            assertThat(cloud.duplicates())
                .isLessThanOrEqualTo((long) ROUNDS * BREAKS_IN_A_ROUND * (WINDOW + cloud.busiestSecond()));
            figures.publishEntry(String.format(Locale.ROOT, "%d rounds, %d events acknowledged, %d events and %d readings arrived,"
                + " 0 missing, %d duplicates", ROUNDS, publisher.acknowledged().size(),
                cloud.count("ingest/events"), cloud.count("device/plc"), cloud.duplicates()));
        }
    }

    private static long backlog(GatewayProcess gateway) throws Exception {
        return gateway.uplink("cloud").orElseThrow().get("backlog").asObject().integer("records", 0, Long.MAX_VALUE);
    }

    private static Set<Integer> missing(List<Integer> promised, Cloud cloud) {
        Set<Integer> missing = new HashSet<>(promised);
        for (String payload : cloud.payloads("ingest/events")) {
            try {
                Json.Obj record = JsonParser.parse(payload).asObject();
                missing.remove(Integer.parseInt(record.text("text")));
            } catch (edge.json.JsonException e) {
                throw new AssertionError(payload, e);
            }
        }
        return missing;
    }
}
