// SPDX-License-Identifier: Apache-2.0
package edge.runtime.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import edge.api.access.Caller;
import edge.api.access.Role;
import edge.api.deploy.BundleState;
import edge.api.deploy.Change;
import edge.api.deploy.DeploymentPlan;
import edge.api.deploy.DeploymentReport;
import edge.api.deploy.DeploymentReport.Outcome;
import edge.api.deploy.DeploymentRequest;
import edge.runtime.deploy.bundles.Hangs;
import edge.runtime.deploy.bundles.Marker;
import edge.runtime.testkit.MemoryAudit;
import edge.runtime.testkit.MemoryEvents;
import edge.runtime.testkit.TestBundle;
import edge.runtime.testkit.TestFramework;
import edge.runtime.testkit.Until;
import edge.runtime.trust.TrustRig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.ServiceReference;

/** A framework with a deployer on an empty data directory, before each test. */
abstract class DeployerFixture {
    static final Caller ENGINEER = new Caller(Caller.Kind.PERSON, "ben", Role.ENGINEER, "10.0.0.8");
    static final String NAME = "acme.driver";
    private static final JarCheck.Limits LIMITS = new JarCheck.Limits(4 << 20, 8 << 20, 500, 1 << 20);

    @TempDir
    Path temp;

    final MemoryAudit audit = new MemoryAudit();
    final MemoryEvents events = new MemoryEvents();
    /** How long a dropped file without its end is given to grow, from the next start on. */
    Duration incomplete = Duration.ofMinutes(1);
    Path data;
    Path image;
    TestFramework framework;
    DeployerRig rig;
    LocalDeployer deployer;
    private int jars;

    @BeforeEach
    void start() throws Exception {
        data = Files.createDirectories(temp.resolve("data"));
        image = Files.createDirectories(temp.resolve("image"));
        boot();
    }

    @AfterEach
    void stop() throws Exception {
        System.setProperty(Hangs.LET_GO, "true");
        rig.close();
        framework.close();
        System.clearProperty(Hangs.LET_GO);
    }

    void boot() throws Exception {
        framework = TestFramework.start(data, image, "configadmin", "metatype", "scr");
        deploy();
    }

    void deploy() {
        rig = new DeployerRig(framework, audit, events, LIMITS, incomplete, TrustRig.off());
        deployer = rig.deployer();
    }

    void reboot() throws Exception {
        rig.close();
        framework.close();
        boot();
    }

    static TestBundle marker(String version) {
        return TestBundle.named(NAME, version).activator(Marker.class);
    }

    Path jar(TestBundle bundle) {
        return bundle.write(temp.resolve("jars/" + jars++ + ".jar"));
    }

    DeploymentReport apply(Change change) throws Exception {
        return deployer.apply(DeploymentRequest.of("", change), ENGINEER).outcome().toCompletableFuture()
            .get(60, TimeUnit.SECONDS);
    }

    DeploymentPlan plan(Change change) {
        return deployer.plan(DeploymentRequest.of("", change));
    }

    DeploymentReport install(TestBundle bundle) throws Exception {
        return apply(new Change.Install(jar(bundle), "test"));
    }

    DeploymentReport install(byte[] bytes) throws Exception {
        Path file = Files.createDirectories(temp.resolve("jars")).resolve(jars++ + ".jar");
        return apply(new Change.Install(Files.write(file, bytes), "test"));
    }

    void isDone(DeploymentReport report) {
        assertThat(report.outcome()).as("%s", report).isEqualTo(Outcome.DONE);
    }

    void isRefused(DeploymentReport report, String... words) {
        assertThat(report.outcome()).as("%s", report).isEqualTo(Outcome.REFUSED);
        assertThat(report.detail()).contains(words);
        assertThat(deployedJars()).isEmpty();
    }

    /** What runs, as the bundles themselves tell. */
    List<String> running() {
        ServiceReference<?>[] found;
        try {
            found = framework.context().getAllServiceReferences(Runnable.class.getName(), "(marker=*)");
        } catch (org.osgi.framework.InvalidSyntaxException e) {
            throw new AssertionError(e);
        }
        return found == null ? List.of()
            : Arrays.stream(found).map(reference -> (String) reference.getProperty("marker")).sorted().toList();
    }

    void runs(String... expected) {
        Until.holds(() -> assertThat(running()).containsExactly(expected));
    }

    List<String> deployedJars() {
        try (Stream<Path> files = Files.list(data.resolve("generations/jars"))) {
            return files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".jar")).toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    BundleState state(String name) {
        return deployer.bundles().stream().filter(bundle -> bundle.symbolicName().equals(name)).findFirst()
            .orElseThrow(() -> new AssertionError(name + " is not listed"));
    }
}
