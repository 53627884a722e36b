// SPDX-License-Identifier: Apache-2.0
package edge.test;

import static org.assertj.core.api.Assertions.assertThat;

import edge.test.support.Cloud;
import edge.test.support.Deployments;
import edge.test.support.DriverJar;
import edge.test.support.GatewayProcess;
import edge.test.support.Until;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/**
 * A bundle and its configuration are deployed together, and the gateway is killed meanwhile, at random points:
 * {@code -Dedge.kills=100} for the long run. What comes up is the old set or the new one, never a mixture, and the journal goes
 * on without a hole.
 */
class DeployKillTest {

    private static final int ROUNDS = Integer.getInteger("edge.kills", 6);
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final String NAME = "acme.victim";

    private static String changes(Deployments deployments, String version) throws Exception {
        return Deployments.install(deployments.upload(new DriverJar(NAME, version).bytes()))
            + ", {\"action\": \"configure\", \"pid\": \"acme.settings\", \"configuration\": {\"for\": \"" + version + "\"}}";
    }

    @Test
    void killed_at_any_point_of_a_deployment_the_gateway_has_the_old_set_or_the_new_one(@TempDir Path folder,
        TestReporter figures) throws Exception {
        long seed = Long.getLong("edge.seed", System.nanoTime());
        Random random = new Random(seed);
        int kept = 0;
        try (Cloud cloud = new Cloud(folder); GatewayProcess gateway = new GatewayProcess(folder.resolve("data"))) {
            gateway.sendTo("cloud", cloud.port());
            gateway.start();
            Deployments deployments = new Deployments(gateway);
            assertThat(deployments.apply(0, changes(deployments, "1.0.0")).text("outcome")).isEqualTo("done");
            String old = "1.0.0";
            for (int round = 1; round <= ROUNDS; round++) {
                String where = "round " + round + ", seed " + seed;
                String fresh = "1.0." + round;
                String changes = changes(deployments, fresh);
                CompletableFuture<Void> deploying = CompletableFuture.runAsync(() -> {
                    try {
                        deployments.apply(0, changes);
                    } catch (Exception e) {
                        assertThat(e).as("the answer is lost with the process").isNotNull();
                    }
                });
                LockSupport.parkNanos(random.nextInt(round % 2 == 0 ? 150_000_000 : 500_000_000));
                gateway.kill();
                deploying.join();

                gateway.start();
                String before = old;
                Until.holds(PATIENCE, "good values, " + where, gateway::log, () -> deployments.isGood("victim"));
                String version = deployments.version(NAME);
                assertThat(version).as(where).isIn(before, fresh);
                assertThat(Files.readString(gateway.data().resolve("etc/acme.settings.cfg.json"))).as(where)
                    .contains("\"" + version + "\"");
                assertThat(gateway.data().resolve("generations/attempt.json")).as(where).doesNotExist();
                assertThat(jars(gateway.data().resolve("generations/jars"))).as(where).noneMatch(name -> name.startsWith("."));
                long arrived = cloud.count("device/victim");
                Until.holds(PATIENCE, "its readings in the cloud, " + where, gateway::log,
                    () -> cloud.count("device/victim") > arrived);
                Until.holds(PATIENCE, "sequences without holes, " + where, () -> cloud.holes() + "\n" + gateway.log(),
                    () -> cloud.holes().isEmpty());
                kept += version.equals(fresh) ? 1 : 0;
                old = version;
            }
            figures.publishEntry(String.format(Locale.ROOT, "%d kills during deployments: %d times the new set, %d times the old one, no half state; %d readings"
                + " arrived, none missing; seed %d", ROUNDS, kept, ROUNDS - kept, cloud.count("device/victim"), seed));
        }
    }

    private static List<String> jars(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
