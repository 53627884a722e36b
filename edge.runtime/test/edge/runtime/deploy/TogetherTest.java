// SPDX-License-Identifier: Apache-2.0
package edge.runtime.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import edge.api.access.AccessDeniedException;
import edge.api.access.Caller;
import edge.api.access.Role;
import edge.api.deploy.Change;
import edge.api.deploy.Deployment;
import edge.api.deploy.DeploymentPlan;
import edge.api.deploy.DeploymentReport;
import edge.api.deploy.DeploymentReport.Outcome;
import edge.api.deploy.DeploymentRequest;
import edge.api.deploy.DeploymentState.Stage;
import edge.api.deploy.Generation;
import edge.api.health.LogBook;
import edge.runtime.base.Sha256;
import edge.runtime.deploy.bundles.Blocks;
import edge.runtime.deploy.bundles.Marker;
import edge.runtime.deploy.bundles.Throws;
import edge.runtime.testkit.MemoryAudit;
import edge.runtime.testkit.MemoryEvents;
import edge.runtime.testkit.TestBundle;
import edge.runtime.testkit.TestFramework;
import edge.runtime.testkit.Until;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;

/** Bundles and configurations that change together, come back together, and survive what interrupts them. */
class TogetherTest {
    private static final Caller ENGINEER = new Caller(Caller.Kind.PERSON, "ben", Role.ENGINEER, "10.0.0.8");
    private static final String NAME = "acme.driver";
    private static final String PID = "acme.meter";

    @TempDir
    Path data;

    private final MemoryEvents events = new MemoryEvents();
    private TestFramework framework;
    private DeployerRig rig;
    private LocalDeployer deployer;
    private int jars;

    @BeforeEach
    void start() throws Exception {
        boot(Map.of());
    }

    @AfterEach
    void stop() throws Exception {
        rig.close();
        framework.close();
    }

    private void boot(Map<String, String> properties) throws Exception {
        framework = TestFramework.start(data, data.resolve("image"), properties, "configadmin", "metatype", "scr");
        rig = new DeployerRig(framework, new MemoryAudit(), events, JarCheck.Limits.DEFAULT);
        deployer = rig.deployer();
    }

    private void reboot(Map<String, String> properties) throws Exception {
        stop();
        boot(properties);
    }

    /** A driver that describes its configuration, with a port. */
    private static TestBundle driver(String version) {
        return TestBundle.named(NAME, version).activator(Marker.class)
            .metatype(PID, true, "<AD id='port' type='Integer' min='1' max='65535' required='true'/>");
    }

    private Change.Install install(TestBundle bundle) {
        return new Change.Install(bundle.write(data.resolve("made/" + jars++ + ".jar")), "test");
    }

    private static Change.Configure port(int port) {
        return new Change.Configure(PID + "~a", "{\"port\": " + port + "}\n", Optional.empty());
    }

    private DeploymentReport apply(DeploymentRequest request) throws Exception {
        return get(deployer.apply(request, ENGINEER));
    }

    private DeploymentReport apply(Change... changes) throws Exception {
        return apply(DeploymentRequest.of("a test", changes));
    }

    private static DeploymentReport get(Deployment deployment) throws Exception {
        return deployment.outcome().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    private String port() throws IOException {
        Path file = data.resolve("etc/" + PID + "~a.cfg.json");
        return Files.exists(file) ? Files.readString(file).replaceAll("[^0-9]", "") : "none";
    }

    private String version() {
        for (Bundle bundle : framework.context().getBundles()) {
            if (NAME.equals(bundle.getSymbolicName()) && bundle.getState() == Bundle.ACTIVE) {
                return bundle.getVersion().toString();
            }
        }
        return "none";
    }

    private void isInForce(String version, String port) {
        Until.holds(() -> assertThat(version() + " " + port()).isEqualTo(version + " " + port));
    }

    @Test
    void a_bundle_and_its_configuration_come_together_and_go_back_together() throws Exception {
        assertThat(apply(install(driver("1.0.0")), port(1)).outcome()).isEqualTo(Outcome.DONE);
        isInForce("1.0.0", "1");

        DeploymentReport bad = apply(port(2), install(driver("2.0.0").activator(Throws.class)));

        assertThat(bad.outcome()).as("%s", bad).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(bad.detail()).contains("no licence");
        isInForce("1.0.0", "1");
        assertThat(data.resolve("generations/attempt.json")).doesNotExist();
    }

    @Test
    void a_wrong_configuration_is_refused_with_its_line_and_nothing_is_touched() throws Exception {
        apply(install(driver("1.0.0")), port(1));

        DeploymentReport wrong = apply(install(driver("2.0.0")), port(70_000));

        assertThat(wrong.outcome()).as("%s", wrong).isEqualTo(Outcome.REFUSED);
        assertThat(wrong.detail()).contains("acme.meter~a", "line 1", "port");
        isInForce("1.0.0", "1");
    }

    @Test
    void a_configuration_that_only_the_new_version_refuses_brings_the_old_version_back() throws Exception {
        apply(install(driver("1.0.0")), port(1));

        DeploymentReport wrong = apply(install(TestBundle.named(NAME, "2.0.0").activator(Marker.class).metatype(PID, true,
            "<AD id='port' type='Integer' min='1000' required='true'/>")), port(2));

        assertThat(wrong.outcome()).as("%s", wrong).isEqualTo(Outcome.ROLLED_BACK);
        isInForce("1.0.0", "1");
    }

    @Test
    void any_kept_generation_can_be_had_back_with_its_configurations() throws Exception {
        long first = apply(install(driver("1.0.0")), port(1)).generation();
        long second = apply(install(driver("2.0.0")), port(2)).generation();
        assertThat(deployer.compare(first, second)).anyMatch(line -> line.contains("acme.driver: 1.0.0"))
            .contains("  - {\"port\": 1}", "  + {\"port\": 2}");

        DeploymentPlan plan = deployer.planRollback(first);
        DeploymentReport back = get(deployer.rollback(first, "it was better", ENGINEER));

        assertThat(plan.effects().toString()).contains("Replaces acme.driver 2.0.0 by the older 1.0.0",
            "Changes the configuration");
        assertThat(back.outcome()).as("%s", back).isEqualTo(Outcome.DONE);
        isInForce("1.0.0", "1");
        reboot(Map.of());
        isInForce("1.0.0", "1");
        assertThat(deployer.generations().get(0)).extracting(Generation::current, Generation::why)
            .containsExactly(true, "it was better");
    }

    @Test
    void what_nobody_confirms_in_time_is_undone_and_what_is_confirmed_stays() throws Exception {
        apply(install(driver("1.0.0")), port(1));

        DeploymentReport alone = apply(DeploymentRequest.of("", port(2)).withConfirmation(Duration.ofMillis(300)));
        assertThat(alone.outcome()).as("%s", alone).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(alone.detail()).contains("Nobody confirmed");
        isInForce("1.0.0", "1");

        Deployment confirmed = deployer.apply(DeploymentRequest.of("", port(3)).withConfirmation(Duration.ofMinutes(3)),
            ENGINEER);
        Until.holds(() -> assertThat(deployer.running()).extracting(state -> state.stage())
            .containsExactly(Stage.AWAITING_CONFIRMATION));
        isInForce("1.0.0", "3");
        assertThat(deployer.confirm("another", ENGINEER)).isPresent();
        assertThat(deployer.confirm(confirmed.id(), ENGINEER)).isEmpty();
        assertThat(get(confirmed).outcome()).isEqualTo(Outcome.DONE);
        isInForce("1.0.0", "3");
    }

    private static Change.Configure uplink(int port) {
        return new Change.Configure("edge.cloudconnector.mqtt~cloud", "{\"port\": " + port + "}\n", Optional.empty());
    }

    @Test
    void a_change_of_a_way_in_has_to_be_confirmed_unless_it_says_otherwise_or_comes_from_the_machine_itself()
        throws Exception {
        DeploymentRequest wrong = DeploymentRequest.of("", uplink(1));
        assertThat(deployer.plan(wrong).effects()).anyMatch(effect -> effect.startsWith("Is undone unless somebody confirms it")
            && effect.contains("edge.cloudconnector.mqtt~cloud"));

        DeploymentReport undone = apply(wrong);
        assertThat(undone.outcome()).as("%s", undone).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(undone.detail()).contains("Nobody confirmed");

        assertThat(apply(wrong.withConfirmation(Duration.ZERO)).outcome()).isEqualTo(Outcome.DONE);
        assertThat(get(deployer.apply(DeploymentRequest.of("", uplink(2)), Caller.system("deploy folder"))).outcome())
            .isEqualTo(Outcome.DONE);
        assertThat(deployer.plan(DeploymentRequest.of("", port(1))).effects().toString()).doesNotContain("confirms");
    }

    @Test
    void going_back_over_a_way_in_has_to_be_confirmed_too() throws Exception {
        long first = apply(DeploymentRequest.of("", uplink(1)).withConfirmation(Duration.ZERO)).generation();
        apply(DeploymentRequest.of("", uplink(2)).withConfirmation(Duration.ZERO));

        assertThat(deployer.planRollback(first).effects()).anyMatch(effect -> effect.startsWith("Is undone unless"));
        DeploymentReport back = get(deployer.rollback(first, "", ENGINEER));
        assertThat(back.outcome()).as("%s", back).isEqualTo(Outcome.ROLLED_BACK);
    }

    @Test
    void what_is_watched_or_awaits_its_confirmation_is_undone_at_once_when_somebody_wants_it() throws Exception {
        apply(install(driver("1.0.0")), port(1));
        Deployment watched = deployer.apply(DeploymentRequest.of("", port(2)).withProbation(Duration.ofMinutes(3)), ENGINEER);
        watched.applied().toCompletableFuture().get(60, TimeUnit.SECONDS);
        isInForce("1.0.0", "2");
        Deployment queued = deployer.apply(DeploymentRequest.of("", port(3)), ENGINEER);
        assertThat(deployer.undo(queued.id(), ENGINEER)).isEmpty();
        assertThat(deployer.undo(watched.id(), ENGINEER)).isEmpty();

        DeploymentReport report = get(watched);
        assertThat(report.outcome()).as("%s", report).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(report.detail()).isEqualTo("ben undid it.");
        assertThat(get(queued).detail()).isEqualTo("ben took it back.");
        isInForce("1.0.0", "1");

        Deployment awaiting = deployer.apply(DeploymentRequest.of("", port(4)).withConfirmation(Duration.ofMinutes(3)),
            ENGINEER);
        Until.holds(() -> assertThat(deployer.running()).extracting(state -> state.stage())
            .containsExactly(Stage.AWAITING_CONFIRMATION));
        assertThat(deployer.undo(awaiting.id(), ENGINEER)).isEmpty();
        assertThat(get(awaiting).detail()).isEqualTo("ben undid it.");
        isInForce("1.0.0", "1");
        assertThat(deployer.undo(awaiting.id(), ENGINEER).orElseThrow()).contains("no deployment of that name");
        Caller operator = new Caller(Caller.Kind.PERSON, "otto", Role.OPERATOR, "x");
        assertThatThrownBy(() -> deployer.undo(awaiting.id(), operator)).isInstanceOf(AccessDeniedException.class);
    }

    @Test
    void an_edit_of_one_who_was_slower_is_refused() throws Exception {
        apply(install(driver("1.0.0")), port(1));
        String etag = rig.configurations().list().get(0).etag();
        apply(port(2));

        DeploymentReport slower = apply(new Change.Configure(PID + "~a", "{\"port\": 3}", Optional.of(etag)));
        assertThat(slower.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(slower.detail()).contains("changed meanwhile");
        assertThat(apply(new Change.Configure(PID + "~a", "{\"port\": 3}", Optional.of(""))).detail())
            .contains("changed meanwhile");
        assertThat(apply(new Change.Configure(PID + "~b", "{\"port\": 3}", Optional.of(""))).outcome())
            .isEqualTo(Outcome.DONE);
        isInForce("1.0.0", "2");
    }

    @Test
    void an_edit_by_hand_is_in_the_history_and_is_taken_back_like_any_deployment() throws Exception {
        long before = apply(install(driver("1.0.0")), port(1)).generation();
        Files.writeString(data.resolve("etc/" + PID + "~a.cfg.json"), "{\"port\": 7}\n");

        Until.holds(() -> assertThat(deployer.history(1).get(0)).satisfies(report -> {
            assertThat(report.summary()).isEqualTo("change by hand: acme.meter~a.cfg.json");
            assertThat(report.caller()).isEqualTo("etc folder");
            assertThat(report.generation()).isEqualTo(before + 1);
        }));
        assertThat(get(deployer.rollback(before, "", ENGINEER)).outcome()).isEqualTo(Outcome.DONE);
        isInForce("1.0.0", "1");
    }

    @Test
    void a_gateway_that_ends_while_a_change_awaits_its_confirmation_comes_up_as_before() throws Exception {
        apply(install(driver("1.0.0")), port(1));
        deployer.apply(DeploymentRequest.of("", install(driver("2.0.0")), port(2)).withConfirmation(Duration.ofMinutes(3)),
            ENGINEER);
        isInForce("2.0.0", "2");

        reboot(Map.of());

        isInForce("1.0.0", "1");
        Until.holds(() -> {
            DeploymentReport newest = deployer.history(1).get(0);
            assertThat(newest.outcome()).isEqualTo(Outcome.ROLLED_BACK);
            assertThat(newest.detail()).contains("The gateway ended while it was carried out");
        });
    }

    @Test
    void errors_during_the_probation_bring_the_old_set_back() throws Exception {
        apply(install(driver("1.0.0")), port(1));
        Deployment deployment = deployer.apply(DeploymentRequest.of("", install(driver("2.0.0"))).withProbation(
            Duration.ofSeconds(20)), ENGINEER);
        Until.holds(() -> assertThat(deployer.running()).extracting(state -> state.stage()).containsExactly(Stage.PROBATION));
        for (int i = 0; i < 30; i++) {
            rig.log().add(LogBook.Level.ERROR, "the register 40001 is on fire");
        }

        DeploymentReport report = get(deployment);

        assertThat(report.outcome()).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(report.detail()).contains("More than 20 errors", "on fire");
        isInForce("1.0.0", "1");
    }

    @Test
    void three_starts_that_fail_mean_the_last_good_set() throws Exception {
        apply(install(driver("1.0.0")), port(1));
        // It has been in force for a while: no restart is needed to prove it.
        Until.holds(() -> assertThat(rig.generations().isProven(rig.generations().current().number())).isTrue());
        apply(install(driver("2.0.0")), port(2));

        reboot(Map.of("edge.supervisor.starts", "2", "edge.supervisor.ended", "the heap was exhausted"));
        isInForce("2.0.0", "2");
        reboot(Map.of("edge.supervisor.starts", "3", "edge.supervisor.ended", "the heap was exhausted"));

        isInForce("1.0.0", "1");
        Until.holds(() -> assertThat(deployer.history(1).get(0)).satisfies(report -> {
            assertThat(report.summary()).contains("fall back from generation");
            assertThat(report.detail()).contains("3 starts did not reach health", "the heap was exhausted");
        }));
    }

    @Test
    void an_edit_by_hand_becomes_a_generation_before_the_next_deployment() throws Exception {
        apply(install(driver("1.0.0")), port(1));
        Files.writeString(data.resolve("etc/" + PID + "~a.cfg.json"), "{\"port\": 7}\n");

        apply(install(driver("2.0.0")));

        List<Generation> generations = deployer.generations();
        assertThat(generations.get(1).caller()).isEqualTo("etc folder");
        get(deployer.rollback(generations.get(1).number(), "", ENGINEER));
        isInForce("1.0.0", "7");
    }

    @Test
    void a_jar_is_fetched_from_a_url_only_with_the_right_checksum() throws Exception {
        Path jar = driver("1.0.0").write(data.resolve("made/remote.jar"));

        DeploymentReport wrong = apply(new Change.Fetch(jar.toUri(), "0".repeat(64)));
        assertThat(wrong.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(wrong.detail()).contains("is not what was wanted", Sha256.of(jar));
        Path secret = Files.writeString(data.resolve("made/secret"), "a secret");
        assertThat(apply(new Change.Fetch(secret.toUri(), "0".repeat(64))).detail()).contains("it is no jar")
            .doesNotContain(Sha256.of(secret));
        assertThat(apply(new Change.Fetch(URI.create("file:///dev/zero"), "0".repeat(64))).detail()).contains("it is no file");
        assertThat(apply(new Change.Fetch(URI.create("file://elsewhere/y.jar"), "0".repeat(64))).detail())
            .contains("cannot be fetched");
        assertThat(apply(new Change.Fetch(URI.create("ftp://x/y.jar"), "0".repeat(64))).detail())
            .contains("use an https, http or file URL");
        Change elsewhere = new Change.Fetch(URI.create("ftp://x/y.jar"), "0".repeat(64));
        assertThat(deployer.plan(DeploymentRequest.of("", elsewhere)).problems())
            .as("a plan says so, too").singleElement().asString().contains("use an https, http or file URL");

        assertThat(apply(new Change.Fetch(jar.toUri(), Sha256.of(jar))).outcome()).isEqualTo(Outcome.DONE);
        isInForce("1.0.0", "none");
    }

    @Test
    void a_feature_file_brings_bundles_and_configurations_together() throws Exception {
        driver("1.0.0").write(data.resolve("deploy/plant/driver.jar"));
        Path feature = data.resolve("deploy/plant.feature.json");
        Files.writeString(feature, """
            {"why": "the new plant", "changes": [
              {"action": "install", "file": "plant/driver.jar"},
              {"action": "configure", "pid": "acme.meter~a", "configuration": {"port": 5}}]}
            """);

        isInForce("1.0.0", "5");
        Until.holds(() -> assertThat(feature).doesNotExist());
        assertThat(deployer.history(1).get(0).why()).isEqualTo("the new plant");

        Files.writeString(feature, "{\"changes\": [{\"action\": \"install\", \"file\": \"../outside.jar\"}]}");
        Until.holds(() -> assertThat(data.resolve("deploy/plant.feature.json.rejected.txt")).content()
            .contains("must be a jar in a folder beside this file"));
    }

    @Test
    void a_plan_names_the_known_bundle_that_would_provide_what_is_missing() throws Exception {
        TestBundle library = TestBundle.named("acme.lib", "1.2.0").header("Export-Package", "acme.lib;version=1.2")
            .entry("acme/lib/x.txt", "x");
        apply(install(library));
        apply(new Change.Uninstall("acme.lib"));

        DeploymentPlan plan = deployer.plan(DeploymentRequest.of("", install(TestBundle.named("acme.user", "1.0.0")
            .header("Import-Package", "acme.lib;version=\"[1,2)\""))));

        assertThat(plan.missing()).singleElement().satisfies(missing -> {
            assertThat(missing.bundle()).isEqualTo("acme.user");
            assertThat(missing.providers()).containsExactly("acme.lib 1.2.0");
        });
        assertThat(plan.problems().toString()).contains("acme.lib 1.2.0 would provide it");
    }

    @Test
    void native_code_is_replaced_only_with_a_restart_and_the_plan_says_so() throws Exception {
        assertThat(apply(install(driver("1.0.0").entry("lib/libserial.so", "ELF"))).outcome()).isEqualTo(Outcome.DONE);

        DeploymentPlan plan = deployer.plan(DeploymentRequest.of("", install(driver("2.0.0")
            .entry("lib/libserial.so", "ELF2"))));

        assertThat(plan.restart()).isTrue();
        assertThat(plan.problems()).singleElement().asString().contains("would have to be restarted");
    }

    @Test
    void native_code_that_was_removed_comes_back_only_with_a_restart_too() throws Exception {
        TestBundle brings = driver("1.0.0").entry("lib/libserial.so", "ELF");
        assertThat(apply(install(brings)).outcome()).isEqualTo(Outcome.DONE);
        assertThat(apply(new Change.Uninstall(NAME)).outcome()).isEqualTo(Outcome.DONE);

        assertThat(deployer.plan(DeploymentRequest.of("", install(brings))).restart()).isTrue();
        assertThat(deployer.plan(DeploymentRequest.of("", install(driver("1.0.0")))).restart()).isFalse();
        reboot(Map.of());
        assertThat(deployer.plan(DeploymentRequest.of("", install(brings))).restart()).isFalse();
    }

    @Test
    void a_stuck_deployment_times_out_and_the_next_one_is_carried_out() throws Exception {
        Deployment stuck = deployer.apply(DeploymentRequest.of("", install(TestBundle.named("acme.stuck", "1.0.0")
            .activator(Blocks.class))), ENGINEER);
        Deployment next = deployer.apply(DeploymentRequest.of("", install(driver("1.0.0"))), ENGINEER);

        assertThat(get(stuck).outcome()).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(get(next).outcome()).isEqualTo(Outcome.DONE);
        isInForce("1.0.0", "none");
    }
}
