// SPDX-License-Identifier: Apache-2.0
package edge.runtime.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import edge.api.access.Caller;
import edge.api.access.Role;
import edge.api.deploy.Change;
import edge.api.deploy.DeploymentPlan;
import edge.api.deploy.DeploymentReport;
import edge.api.deploy.DeploymentReport.Outcome;
import edge.api.deploy.DeploymentRequest;
import edge.runtime.testkit.MemoryAudit;
import edge.runtime.testkit.MemoryEvents;
import edge.runtime.testkit.TestBundle;
import edge.runtime.testkit.TestFramework;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.SynchronousBundleListener;

/**
 * What a plan says is what then happens, over a corpus of 24 bundles that use one another's packages in random ways: which
 * bundles are touched, which are not, and who gets which package from whom.
 */
class PredictionTest {
    private static final Caller ENGINEER = new Caller(Caller.Kind.PERSON, "ben", Role.ENGINEER, "10.0.0.8");
    private static final List<String> RANGES = List.of("[1,3)", "[1,3)", "[1,3)", "[1,3)", "[1,3)", "[1,3)", "[1,2)", "[2,3)");
    private static final int LIBRARIES = 9;
    private static final int BUNDLES = 24;
    private static final int STEPS = Integer.getInteger("edge.prediction.steps", 60);

    @TempDir
    Path temp;

    private final Random random = new Random(7);
    private final Set<String> touched = new ConcurrentSkipListSet<>();
    private final SynchronousBundleListener listener = this::changed;
    private TestFramework framework;
    private DeployerRig rig;
    private int files;

    @BeforeEach
    void start() throws Exception {
        framework = TestFramework.start(Files.createDirectories(temp.resolve("data")), temp.resolve("image"), "configadmin",
            "metatype", "scr");
        rig = new DeployerRig(framework, new MemoryAudit(), new MemoryEvents(), JarCheck.Limits.DEFAULT);
        framework.context().addBundleListener(listener);
    }

    @AfterEach
    void stop() throws Exception {
        rig.close();
        framework.close();
    }

    private void changed(BundleEvent event) {
        if (event.getType() != BundleEvent.RESOLVED && event.getType() != BundleEvent.STARTING) {
            touched.add(event.getBundle().getSymbolicName());
        }
    }

    /** Library i offers the package p{i}; everybody uses some packages of libraries with a lower number. */
    private Change install(int number) {
        int major = 1 + random.nextInt(2);
        String version = major + "." + random.nextInt(10) + "." + random.nextInt(10);
        StringBuilder imports = new StringBuilder("org.osgi.framework");
        for (int other = 0; other < Math.min(number, LIBRARIES); other++) {
            if (random.nextInt(4) == 0) {
                String range = RANGES.get(random.nextInt(RANGES.size()));
                imports.append(",acme.p").append(other).append(";version=\"").append(range).append('"')
                    .append(random.nextInt(5) == 0 ? ";resolution:=optional" : "");
            }
        }
        TestBundle bundle = TestBundle.named("acme.b" + number, version).header("Import-Package", imports.toString());
        if (number < LIBRARIES) {
            bundle.header("Export-Package", "acme.p" + number + ";version=" + major + ".0"
                + (number > 0 && imports.indexOf("acme.p0") > 0 ? ";uses:=\"acme.p0\"" : ""))
                .entry("acme/p" + number + "/x.txt", "x");
        }
        return new Change.Install(bundle.write(temp.resolve("jars/" + files++ + ".jar")), "test");
    }

    private List<Change> step() {
        int number = random.nextInt(BUNDLES);
        return switch (random.nextInt(10)) {
            case 0 -> List.of(new Change.Uninstall("acme.b" + number));
            case 1 -> List.of(new Change.Stop("acme.b" + number));
            case 2 -> List.of(new Change.Start("acme.b" + number));
            case 3, 4 -> {
                List<Change> several = new ArrayList<>();
                for (int one : new TreeSet<>(List.of(0, 3, 6)).stream().map(by -> (number + by) % BUNDLES).toList()) {
                    several.add(install(one));
                }
                yield several;
            }
            default -> List.of(install(number));
        };
    }

    private Map<String, Map<String, String>> wires() {
        Map<String, Map<String, String>> wires = new TreeMap<>();
        for (Bundle bundle : framework.context().getBundles()) {
            if (bundle.getSymbolicName().startsWith("acme.")) {
                wires.put(bundle.getSymbolicName(), new TreeMap<>(Shadow.wiresNow(bundle)));
            }
        }
        return wires;
    }

    @Test
    void what_is_predicted_is_what_happens() throws Exception {
        int possible = 0;
        int restarts = 0;
        List<Change> first = new ArrayList<>();
        for (int number = 0; number < BUNDLES; number++) {
            first.add(new Change.Install(TestBundle.named("acme.b" + number, "1.0.0").header("Export-Package", number < LIBRARIES
                ? "acme.p" + number + ";version=1.0" : "acme.none" + number).entry("acme/p" + number + "/x.txt", "x")
                .write(temp.resolve("jars/" + files++ + ".jar")), "test"));
        }
        assertThat(apply(first).outcome()).isEqualTo(Outcome.DONE);

        for (int i = 0; i < STEPS; i++) {
            List<Change> changes = step();
            DeploymentPlan plan = rig.deployer().plan(request(changes));
            Map<String, Map<String, String>> before = wires();
            touched.clear();
            DeploymentReport report = apply(changes);

            if (!plan.isPossible()) {
                assertThat(report.outcome()).as("step %d: %s, %s", i, changes, plan.problems()).isEqualTo(Outcome.REFUSED);
                assertThat(touched).as("step %d: nothing is touched", i).isEmpty();
                continue;
            }
            possible++;
            assertThat(report.outcome()).as("step %d: %s", i, report).isEqualTo(Outcome.DONE);
            Set<String> predicted = new TreeSet<>();
            plan.bundles().stream().filter(one -> isEvent(one, before)).forEach(one -> predicted.add(one.symbolicName()));
            assertThat(touched).as("step %d: %s", i, plan.effects()).isEqualTo(predicted);
            restarts += plan.bundles().stream().filter(one -> one.effect() == DeploymentPlan.Effect.RESTARTED).count();
            rewiringsAreTrue(i, plan, before);
        }
        assertThat(possible).isGreaterThan(STEPS / 3);
        assertThat(restarts).isGreaterThan(STEPS / 4);
    }

    /** Starting what runs and stopping what does not is no event. */
    private boolean isEvent(DeploymentPlan.BundleChange change, Map<String, Map<String, String>> before) {
        return !List.of(DeploymentPlan.Effect.STARTED, DeploymentPlan.Effect.STOPPED).contains(change.effect())
            || touched.contains(change.symbolicName());
    }

    private void rewiringsAreTrue(int step, DeploymentPlan plan, Map<String, Map<String, String>> before) {
        Map<String, Map<String, String>> expected = new TreeMap<>();
        before.forEach((name, wires) -> expected.put(name, new TreeMap<>(wires)));
        for (DeploymentPlan.BundleChange change : plan.bundles()) {
            if (change.to().isEmpty()) {
                expected.remove(change.symbolicName());
            } else if (change.effect() == DeploymentPlan.Effect.INSTALLED || change.effect() == DeploymentPlan.Effect.UPDATED) {
                // What the new version does not use any more is gone with the old one.
                expected.put(change.symbolicName(), new TreeMap<>(wires().get(change.symbolicName())));
            }
        }
        for (DeploymentPlan.Rewiring rewiring : plan.rewirings()) {
            if (expected.containsKey(rewiring.bundle())) {
                assertThat(wires().get(rewiring.bundle())).as("step %d: %s", step, rewiring)
                    .containsEntry(rewiring.what(), rewiring.to());
                expected.get(rewiring.bundle()).put(rewiring.what(), rewiring.to());
            }
        }
        assertThat(wires()).as("step %d: %s", step, plan.rewirings()).isEqualTo(expected);
    }

    private static DeploymentRequest request(List<Change> changes) {
        return new DeploymentRequest(changes, "", Optional.empty(), Optional.empty(), true);
    }

    private DeploymentReport apply(List<Change> changes) throws Exception {
        return rig.deployer().apply(request(changes), ENGINEER).outcome().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }
}
