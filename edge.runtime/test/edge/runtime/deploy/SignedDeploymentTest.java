// SPDX-License-Identifier: Apache-2.0
package edge.runtime.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import edge.api.access.Caller;
import edge.api.access.Role;
import edge.api.deploy.BundleState;
import edge.api.deploy.Change;
import edge.api.deploy.DeploymentReport.Outcome;
import edge.api.deploy.DeploymentReport;
import edge.api.deploy.DeploymentRequest;
import edge.api.health.HealthReport;
import edge.api.trust.TrustPolicy;
import edge.runtime.base.Sha256;
import edge.runtime.deploy.bundles.Marker;
import edge.runtime.testkit.MemoryAudit;
import edge.runtime.testkit.MemoryEvents;
import edge.runtime.testkit.TestBundle;
import edge.runtime.testkit.TestFramework;
import edge.runtime.testkit.Until;
import edge.runtime.trust.LocalProvenance;
import edge.runtime.trust.Trust;
import edge.runtime.trust.TrustRig;
import edge.runtime.trust.TrustWatch;
import edge.test.support.Pki;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the policy about signatures does to deployments. */
class SignedDeploymentTest {
    private static final Caller ENGINEER = new Caller(Caller.Kind.PERSON, "ben", Role.ENGINEER, "10.0.0.8");
    private static final String NAME = "acme.driver";

    @TempDir
    static Path keys;
    private static Pki pki;

    @TempDir
    Path temp;
    private Path data;
    private TestFramework framework;
    private DeployerRig rig;
    private LocalProvenance provenance;
    private TrustWatch watch;
    private int jars;

    @BeforeAll
    static void makeKeys() {
        pki = new Pki(keys).key("root", "Acme Root", "-ext", "bc:c").key("acme", "Acme Drivers", "-signer", "root");
    }

    @BeforeEach
    void start() throws Exception {
        data = Files.createDirectories(temp.resolve("data"));
        Path trusted = Files.createDirectories(data.resolve("trust"));
        Files.copy(pki.certificate("root"), trusted.resolve("root.pem"));
        Path image = Files.createDirectories(temp.resolve("image"));
        framework = TestFramework.start(data, image, "configadmin", "metatype", "scr");
        Files.writeString(image.resolve("sbom.cdx.json"), """
            {"metadata": {"component": {"type": "application", "bom-ref": "gateway", "name": "edge-gateway"}}, "components": [
              {"type": "library", "bom-ref": "a", "name": "acme.driver",
               "properties": [{"name": "edge:bundle", "value": "acme.driver"}]},
              {"type": "library", "bom-ref": "b", "name": "other"}]}""");
    }

    @AfterEach
    void stop() throws Exception {
        watch.close();
        rig.close();
        framework.close();
    }

    private void policy(TrustPolicy policy) {
        policy(policy, false);
    }

    private void policy(TrustPolicy policy, boolean stopsRevoked) {
        Trust trust = TrustRig.of(data.resolve("trust"), policy, stopsRevoked);
        rig = new DeployerRig(framework, new MemoryAudit(), new MemoryEvents(), JarCheck.Limits.DEFAULT, Duration.ofMinutes(1),
            trust);
        provenance = new LocalProvenance(framework.context(), trust, rig.generations());
        watch = TrustRig.watch(trust, rig.generations(), rig.deployer(), new MemoryEvents());
    }

    private Path jar(String version) {
        return TestBundle.named(NAME, version).activator(Marker.class).entry("META-INF/sbom/bom.cdx.json", """
            {"components": [{"type": "library", "bom-ref": "x", "name": "inside", "version": "%s"}]}""".formatted(version))
            .write(temp.resolve(jars++ + ".jar"));
    }

    private Path signed(String version) {
        Path jar = jar(version);
        pki.sign(jar, "acme");
        return jar;
    }

    private DeploymentReport install(Path jar) throws Exception {
        return rig.deployer().apply(DeploymentRequest.of("", new Change.Install(jar, "test")), ENGINEER).outcome()
            .toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    private String running() {
        return rig.deployer().bundles().stream().filter(bundle -> bundle.symbolicName().equals(NAME))
            .map(bundle -> bundle.version()).findFirst().orElse("none");
    }

    @Test
    void where_signatures_are_required_a_signed_bundle_is_let_in_and_its_signer_is_told() throws Exception {
        policy(TrustPolicy.REQUIRE);
        assertThat(rig.deployer().plan(DeploymentRequest.of("", new Change.Install(signed("1.0.0"), "test"))).effects())
            .contains("acme.driver: Signed by Acme Drivers.");
        DeploymentReport report = install(signed("1.0.0"));
        assertThat(report.outcome()).as("%s", report).isEqualTo(Outcome.DONE);
        assertThat(report.findings()).contains("acme.driver: Signed by Acme Drivers.");
        assertThat(provenance.ofDeployed(NAME).orElseThrow().isTrusted()).isTrue();
        assertThat(provenance.ofDeployed("nobody")).isEmpty();
    }

    @Test
    void where_signatures_are_required_nothing_else_is_let_in_and_the_old_version_stays() throws Exception {
        policy(TrustPolicy.REQUIRE);
        install(signed("1.0.0"));

        DeploymentReport unsigned = install(jar("1.1.0"));
        assertThat(unsigned.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(unsigned.detail()).contains("acme.driver is not let in: Nobody signed it.");

        Path altered = signed("1.2.0");
        try (FileSystem zip = FileSystems.newFileSystem(URI.create("jar:" + altered.toUri()), Map.of())) {
            Files.writeString(zip.getPath("added.txt"), "by somebody else");
        }
        DeploymentReport broken = install(altered);
        assertThat(broken.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(broken.detail()).contains("added.txt");

        assertThat(running()).isEqualTo("1.0.0");
    }

    @Test
    void what_was_revoked_meanwhile_does_not_come_back_by_a_rollback() throws Exception {
        policy(TrustPolicy.WARN);
        Path first = signed("1.0.0");
        long generation = install(first).generation();
        assertThat(install(jar("1.1.0")).findings()).contains("acme.driver: Nobody signed it.");
        Files.writeString(data.resolve("trust/revoked.txt"), Sha256.of(first) + " opens a port\n", StandardCharsets.UTF_8);

        DeploymentReport report = rig.deployer().rollback(generation, "", ENGINEER).outcome().toCompletableFuture()
            .get(60, TimeUnit.SECONDS);
        assertThat(report.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(report.detail()).contains("opens a port");
        assertThat(running()).isEqualTo("1.1.0");
    }

    private void revoke(Path jar) throws Exception {
        Files.writeString(data.resolve("trust/revoked.txt"), Sha256.of(jar) + " opens a port\n");
    }

    private boolean isActive() {
        return rig.deployer().bundles().stream().anyMatch(bundle -> bundle.symbolicName().equals(NAME)
            && bundle.phase() == BundleState.Phase.ACTIVE);
    }

    @Test
    void a_bundle_that_is_revoked_while_it_runs_goes_on_and_the_health_says_so() throws Exception {
        policy(TrustPolicy.WARN);
        Path jar = signed("1.0.0");
        install(jar);
        assertThat(watch.check().status()).isEqualTo(HealthReport.Status.OK);
        revoke(jar);

        Until.holds(() -> assertThat(watch.check().status()).isEqualTo(HealthReport.Status.WARN));
        assertThat(watch.check().reason()).contains("acme.driver 1.0.0 would not be let in any more", "opens a port");
        assertThat(isActive()).isTrue();
        Files.delete(data.resolve("trust/revoked.txt"));
        Until.holds(() -> assertThat(watch.check().status()).isEqualTo(HealthReport.Status.OK));
    }

    @Test
    void where_that_is_the_policy_a_revoked_bundle_is_stopped_and_cannot_be_started_again() throws Exception {
        policy(TrustPolicy.REQUIRE, true);
        Path jar = signed("1.0.0");
        install(jar);
        revoke(jar);

        Until.holds(() -> assertThat(isActive()).isFalse());
        Until.holds(() -> assertThat(rig.deployer().history(1).get(0)).satisfies(report -> {
            assertThat(report.caller()).isEqualTo("trust");
            assertThat(report.why()).contains("opens a port");
            assertThat(report.outcome()).isEqualTo(Outcome.DONE);
        }));
        DeploymentReport again = rig.deployer().apply(DeploymentRequest.of("", new Change.Start(NAME)), ENGINEER).outcome()
            .toCompletableFuture().get(60, TimeUnit.SECONDS);
        assertThat(again.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(again.detail()).contains("opens a port");
    }

    @Test
    void the_bill_of_the_gateway_has_what_was_deployed_in_the_place_of_what_it_replaces() throws Exception {
        policy(TrustPolicy.OFF);
        Path jar = jar("2.0.0");
        assertThat(new String(provenance.bill(), StandardCharsets.UTF_8)).contains("\"bom-ref\":\"a\"", "\"bom-ref\":\"b\"");
        assertThat(install(jar).outcome()).isEqualTo(Outcome.DONE);
        String bill = new String(provenance.bill(), StandardCharsets.UTF_8);
        assertThat(bill).contains("\"bom-ref\":\"b\"", Sha256.of(jar), "\"name\":\"inside\",\"version\":\"2.0.0\"")
            .doesNotContain("\"bom-ref\":\"a\"", "\"bom-ref\":\"x\"");
        assertThat(new String(provenance.bill(NAME).orElseThrow(), StandardCharsets.UTF_8)).contains("inside");
        assertThat(provenance.bill("nobody")).isEmpty();
    }
}
