// SPDX-License-Identifier: Apache-2.0
package edge.runtime.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import edge.api.access.AccessDeniedException;
import edge.api.access.Caller;
import edge.api.access.Role;
import edge.api.deploy.BundleState;
import edge.api.deploy.BundleState.Origin;
import edge.api.deploy.BundleState.Phase;
import edge.api.deploy.Change;
import edge.api.deploy.DeploymentPlan;
import edge.api.deploy.DeploymentReport;
import edge.api.deploy.DeploymentReport.Outcome;
import edge.api.deploy.DeploymentRequest;
import edge.runtime.deploy.bundles.Blocks;
import edge.runtime.deploy.bundles.Hangs;
import edge.runtime.deploy.bundles.Marker;
import edge.runtime.deploy.bundles.Picky;
import edge.runtime.deploy.bundles.Throws;
import edge.runtime.testkit.MemoryAudit;
import edge.runtime.testkit.MemoryEvents;
import edge.runtime.testkit.TestBundle;
import edge.runtime.testkit.TestFramework;
import edge.runtime.testkit.Until;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceReference;

class LocalDeployerTest {
    private static final Caller ENGINEER = new Caller(Caller.Kind.PERSON, "ben", Role.ENGINEER, "10.0.0.8");
    private static final String NAME = "acme.driver";
    private static final JarCheck.Limits LIMITS = new JarCheck.Limits(4 << 20, 8 << 20, 500, 1 << 20);

    @TempDir
    Path temp;

    private final MemoryAudit audit = new MemoryAudit();
    private final MemoryEvents events = new MemoryEvents();
    private Path data;
    private Path image;
    private TestFramework framework;
    private DeployerRig rig;
    private LocalDeployer deployer;
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

    private void boot() throws Exception {
        framework = TestFramework.start(data, image, "configadmin", "metatype", "scr");
        deploy();
    }

    private void deploy() {
        rig = new DeployerRig(framework, audit, events, Duration.ZERO, Duration.ofSeconds(2), LIMITS);
        deployer = rig.deployer();
    }

    private void reboot() throws Exception {
        rig.close();
        framework.close();
        boot();
    }

    private static TestBundle marker(String version) {
        return TestBundle.named(NAME, version).activator(Marker.class);
    }

    private Path jar(TestBundle bundle) {
        return bundle.write(temp.resolve("jars/" + jars++ + ".jar"));
    }

    private DeploymentReport apply(Change change) throws Exception {
        return deployer.apply(DeploymentRequest.of("", change), ENGINEER).outcome().toCompletableFuture()
            .get(60, TimeUnit.SECONDS);
    }

    private DeploymentPlan plan(Change change) {
        return deployer.plan(DeploymentRequest.of("", change));
    }

    private DeploymentReport install(TestBundle bundle) throws Exception {
        return apply(new Change.Install(jar(bundle), "test"));
    }

    private DeploymentReport install(byte[] bytes) throws Exception {
        Path file = Files.createDirectories(temp.resolve("jars")).resolve(jars++ + ".jar");
        return apply(new Change.Install(Files.write(file, bytes), "test"));
    }

    private void isDone(DeploymentReport report) {
        assertThat(report.outcome()).as("%s", report).isEqualTo(Outcome.DONE);
    }

    private void isRefused(DeploymentReport report, String... words) {
        assertThat(report.outcome()).as("%s", report).isEqualTo(Outcome.REFUSED);
        assertThat(report.detail()).contains(words);
        assertThat(deployedJars()).isEmpty();
    }

    /** What runs, as the bundles themselves tell. */
    private List<String> running() {
        ServiceReference<?>[] found;
        try {
            found = framework.context().getAllServiceReferences(Runnable.class.getName(), "(marker=*)");
        } catch (org.osgi.framework.InvalidSyntaxException e) {
            throw new AssertionError(e);
        }
        return found == null ? List.of()
            : Arrays.stream(found).map(reference -> (String) reference.getProperty("marker")).sorted().toList();
    }

    private void runs(String... expected) {
        Until.holds(() -> assertThat(running()).containsExactly(expected));
    }

    private List<String> deployedJars() {
        try (Stream<Path> files = Files.list(data.resolve("generations/jars"))) {
            return files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".jar")).toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private BundleState state(String name) {
        return deployer.bundles().stream().filter(bundle -> bundle.symbolicName().equals(name)).findFirst()
            .orElseThrow(() -> new AssertionError(name + " is not listed"));
    }

    @Test
    void a_bundle_is_installed_updated_and_comes_back_after_a_restart_with_an_empty_cache() throws Exception {
        isDone(install(marker("1.0.0")));
        runs(NAME + " 1.0.0");
        assertThat(state(NAME).origin()).isEqualTo(Origin.DEPLOYED);
        assertThat(state(NAME).problems()).isEmpty();
        isDone(install(marker("1.1.0")));
        runs(NAME + " 1.1.0");

        reboot();

        runs(NAME + " 1.1.0");
        assertThat(deployer.history(9)).extracting(DeploymentReport::outcome).containsExactly(Outcome.DONE, Outcome.DONE);
        assertThat(audit.outcomes("ben")).containsExactly("done", "done");
    }

    @Test
    void files_that_are_no_good_bundles_are_refused_with_the_reason_and_nothing_is_touched() throws Exception {
        isRefused(install("hello".getBytes()), "not a complete jar");
        isRefused(install(new byte[0]), "not a complete jar");
        byte[] good = marker("1.0.0").bytes();
        isRefused(install(Arrays.copyOf(good, good.length - 30)), "not a complete jar");
        isRefused(install(TestBundle.named(NAME, "1.0").without("Bundle-SymbolicName")), "not an OSGi bundle");
        isRefused(install(TestBundle.named(NAME, "one.two")), "manifest cannot be read");
        isRefused(install(TestBundle.named(NAME, "1.0").header("Import-Package", "nowhere.to.be.found;version=\"[2,3)\"")),
            "needs the package nowhere.to.be.found in version [2,3)", "no bundle offers");
        isRefused(install(TestBundle.named(NAME, "1.0").header("Import-Package", "org.osgi.framework;version=\"[9,10)\"")),
            "org.osgi.framework in version [9,10)", "there is 1.10");
        isRefused(install(TestBundle.named(NAME, "1.0").header("Require-Bundle", "acme.absent")), "acme.absent");
        isRefused(install(TestBundle.named(NAME, "1.0").header("Require-Capability",
            "osgi.ee;filter:=\"(&(osgi.ee=JavaSE)(version=99))\"")), "Java 99", "runs on Java "
            + Runtime.version().feature());
        byte[] tooNew = TestBundle.bytes(Marker.class);
        tooNew[7] = 99;
        isRefused(install(TestBundle.named(NAME, "1.0").entry("acme/New.class", tooNew)), "needs Java 55", "acme/New.class");
        isRefused(install(TestBundle.named("edge.runtime", "9.0")), "part of the system");
        isRefused(install(TestBundle.named("org.apache.felix.scr", "9.0")), "part of the system");
        isRefused(install(TestBundle.named(NAME, "1.0").header("Fragment-Host", "edge.runtime")), "fragment");
        isRefused(install(TestBundle.named(NAME, "1.0").header("Fragment-Host", "system.bundle; extension:=framework")),
            "fragment");
        isRefused(install(TestBundle.named(NAME, "1.0").header("Export-Package", "edge.api.device;version=9")),
            "edge.api.device");
        isRefused(apply(new Change.Install(temp.resolve("absent.jar"), "test")), "cannot be copied");
        assertThat(framework.context().getBundles()).extracting(Bundle::getSymbolicName).doesNotContain(NAME);
    }

    @Test
    void a_damaged_jar_is_refused() throws Exception {
        byte[] bytes = TestBundle.named(NAME, "1.0").entry("data.bin", new byte[20_000]).bytes();
        int flipped = bytes.length / 3;
        bytes[flipped] ^= 0x40;

        DeploymentReport report = install(bytes);

        assertThat(report.outcome()).as("%s", report).isEqualTo(Outcome.REFUSED);
    }

    @Test
    void archives_that_attack_are_refused() throws Exception {
        isRefused(install(TestBundle.named(NAME, "1.0").entry("../../evil.sh", "x")), "leads out of it");
        isRefused(install(TestBundle.named(NAME, "1.0").entry("/etc/cron.d/evil", "x")), "leads out of it");
        isRefused(install(TestBundle.named(NAME, "1.0").entry("a\\..\\b", "x")), "leads out of it");
        isRefused(install(TestBundle.named(NAME, "1.0").entry("zeros.bin", new byte[9 << 20])), "unpacks to more than");
        TestBundle many = TestBundle.named(NAME, "1.0");
        for (int i = 0; i < 600; i++) {
            many.entry("e" + i, "");
        }
        isRefused(install(many), "more than 500 entries");
        byte[] noise = new byte[5 << 20];
        new java.util.Random(1).nextBytes(noise);
        isRefused(install(TestBundle.named(NAME, "1.0").entry("noise", noise)), "larger than 4 MiB");
        isRefused(install(lyingAboutItsSize()), "unpacks to more than");
    }

    /** A bomb whose directory says that it is small. */
    private static byte[] lyingAboutItsSize() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("META-INF/MANIFEST.MF"));
            zip.write("Manifest-Version: 1.0\nBundle-ManifestVersion: 2\nBundle-SymbolicName: acme.driver\n".getBytes());
            zip.closeEntry();
            zip.putNextEntry(new ZipEntry("bomb"));
            zip.write(new byte[20 << 20]);
            zip.closeEntry();
        }
        byte[] jar = bytes.toByteArray();
        int size = 20 << 20;
        byte[] real = {(byte) size, (byte) (size >> 8), (byte) (size >> 16), (byte) (size >> 24)};
        for (int i = 0; i + 4 <= jar.length; i++) {
            if (Arrays.equals(Arrays.copyOfRange(jar, i, i + 4), real)) {
                System.arraycopy(new byte[] {10, 0, 0, 0}, 0, jar, i, 4);
            }
        }
        return jar;
    }

    @Test
    void a_bundle_whose_activator_throws_is_taken_out_again_and_an_update_goes_back() throws Exception {
        DeploymentReport fresh = install(TestBundle.named(NAME, "1.0.0").activator(Throws.class));
        assertThat(fresh.outcome()).as("%s", fresh).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(fresh.detail()).contains("IllegalStateException: no licence for this plant");
        assertThat(framework.context().getBundles()).extracting(Bundle::getSymbolicName).doesNotContain(NAME);

        isDone(install(marker("1.0.0")));
        DeploymentReport update = install(TestBundle.named(NAME, "2.0.0").activator(Throws.class));

        assertThat(update.outcome()).as("%s", update).isEqualTo(Outcome.ROLLED_BACK);
        runs(NAME + " 1.0.0");
        assertThat(state(NAME).version()).isEqualTo("1.0.0");
        assertThat(state(NAME).problems()).isEmpty();
        assertThat(deployedJars()).hasSize(1);
        assertThat(update.generation()).isZero();
        reboot();
        runs(NAME + " 1.0.0");
    }

    @Test
    void a_bundle_that_blocks_in_its_activator_does_not_block_the_deployer_and_the_old_one_runs_again() throws Exception {
        isDone(install(marker("1.0.0")));

        DeploymentReport update = install(TestBundle.named(NAME, "2.0.0").activator(Blocks.class));

        assertThat(update.outcome()).as("%s", update).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(update.detail()).contains("did not start within 2 s", "Blocks.start");
        runs(NAME + " 1.0.0");
        isDone(install(marker("3.0.0")));
        runs(NAME + " 3.0.0");
    }

    @Test
    void a_bundle_that_never_returns_is_given_up_and_the_old_one_runs_beside_it_even_in_the_same_version() throws Exception {
        isDone(install(marker("1.0.0")));

        DeploymentReport update = install(TestBundle.named(NAME, "1.0.0").activator(Hangs.class));

        assertThat(update.outcome()).as("%s", update).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(update.detail()).contains("until the gateway is restarted");
        runs(NAME + " 1.0.0");
        assertThat(deployer.bundles()).filteredOn(bundle -> bundle.symbolicName().equals(NAME)).hasSize(2)
            .anyMatch(bundle -> bundle.problems().toString().contains("given up"));
        isDone(install(marker("1.2.0")));
        runs(NAME + " 1.2.0");
        System.setProperty(Hangs.LET_GO, "true");
        reboot();
        runs(NAME + " 1.2.0");
        assertThat(deployer.bundles()).filteredOn(bundle -> bundle.symbolicName().equals(NAME)).hasSize(1);
    }

    @Test
    void a_component_that_fails_newly_is_a_reason_to_go_back() throws Exception {
        TestBundle good = TestBundle.named(NAME, "1.0.0").with(Picky.class)
            .header("Service-Component", "OSGI-INF/c.xml").entry("OSGI-INF/c.xml", component(""));
        isDone(install(good));
        assertThat(state(NAME).components()).containsExactly("picky: active");

        DeploymentReport update = install(TestBundle.named(NAME, "2.0.0").with(Picky.class)
            .header("Service-Component", "OSGI-INF/c.xml")
            .entry("OSGI-INF/c.xml", component("<property name=\"fail\" value=\"now\"/>")));

        assertThat(update.outcome()).as("%s", update).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(update.detail()).contains("picky", "cannot work with fail=now");
        assertThat(state(NAME).components()).containsExactly("picky: active");
        assertThat(state(NAME).version()).isEqualTo("1.0.0");
    }

    @Test
    void a_component_that_loses_a_service_it_needs_is_a_reason_to_go_back_and_one_that_waits_is_told() throws Exception {
        String needy = component("<reference name=\"clock\" interface=\"java.time.Clock\"/>");
        isDone(install(TestBundle.named("acme.waiting", "1.0.0").with(Picky.class)
            .header("Service-Component", "OSGI-INF/c.xml").entry("OSGI-INF/c.xml", needy)));
        assertThat(state("acme.waiting").problems()).containsExactly(
            "Its component picky waits for the service java.time.Clock.");
        isDone(install(TestBundle.named(NAME, "1.0.0").with(Picky.class)
            .header("Service-Component", "OSGI-INF/c.xml").entry("OSGI-INF/c.xml", component(""))));

        DeploymentReport update = install(TestBundle.named(NAME, "2.0.0").with(Picky.class)
            .header("Service-Component", "OSGI-INF/c.xml").entry("OSGI-INF/c.xml", needy));

        assertThat(update.outcome()).as("%s", update).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(update.detail()).contains("java.time.Clock");
    }

    private static String component(String inner) {
        return "<scr:component xmlns:scr=\"http://www.osgi.org/xmlns/scr/v1.4.0\" name=\"picky\" immediate=\"true\" init=\"1\">"
            + "<implementation class=\"" + Picky.class.getName() + "\"/>" + inner + "</scr:component>";
    }

    @Test
    void stopping_is_kept_over_restarts_until_it_is_started_again() throws Exception {
        isDone(install(marker("1.0.0")));
        isDone(apply(new Change.Stop(NAME)));
        runs();
        assertThat(state(NAME).startRequested()).isFalse();
        assertThat(state(NAME).phase()).isEqualTo(Phase.RESOLVED);
        assertThat(state(NAME).problems()).isEmpty();
        reboot();
        Until.holds(() -> assertThat(state(NAME).startRequested()).isFalse());
        runs();
        isDone(apply(new Change.Start(NAME)));
        runs(NAME + " 1.0.0");
        reboot();
        runs(NAME + " 1.0.0");
    }

    @Test
    void a_deployed_bundle_overrides_the_images_and_uninstalling_it_brings_that_back() throws Exception {
        marker("1.0.0").write(image.resolve("bundles/driver.jar"));
        reboot();
        runs(NAME + " 1.0.0");
        assertThat(state(NAME).origin()).isEqualTo(Origin.IMAGE);
        DeploymentReport own = apply(new Change.Uninstall(NAME));
        assertThat(own.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(own.detail()).contains("belongs to the image");

        isDone(install(marker("2.0.0")));
        runs(NAME + " 2.0.0");
        reboot();
        runs(NAME + " 2.0.0");
        assertThat(state(NAME).origin()).isEqualTo(Origin.DEPLOYED);
        isDone(apply(new Change.Uninstall(NAME)));

        runs(NAME + " 1.0.0");
        reboot();
        runs(NAME + " 1.0.0");
    }

    @Test
    void uninstalling_removes_a_bundle_for_good() throws Exception {
        isDone(install(marker("1.0.0")));
        isDone(apply(new Change.Uninstall(NAME)));

        runs();
        assertThat(framework.context().getBundles()).extracting(Bundle::getSymbolicName).doesNotContain(NAME);
        reboot();
        runs();
    }

    @Test
    void bundles_that_are_installed_already_are_left_alone_at_boot() throws Exception {
        marker("1.0.0").write(image.resolve("bundles/driver.jar"));
        rig.close();
        framework.close();
        framework = TestFramework.start(data, image, "configadmin", "metatype", "scr");
        framework.install(marker("5.0.0")).start();
        deploy();

        isRefused(apply(new Change.Start("acme.absent")), "no bundle acme.absent");
        runs(NAME + " 5.0.0");
    }

    @Test
    void a_bad_bundle_in_the_image_costs_the_others_nothing_and_is_explained() throws Exception {
        TestBundle.named("acme.a", "1.0").activator(Throws.class).write(image.resolve("bundles/a.jar"));
        TestBundle.named("acme.b", "1.0").activator(Blocks.class).write(image.resolve("bundles/b.jar"));
        TestBundle.named("acme.c", "1.0").header("Import-Package", "not.there").write(image.resolve("bundles/c.jar"));
        Files.writeString(image.resolve("bundles/d.jar"), "rubbish");
        marker("1.0.0").write(image.resolve("bundles/z.jar"));
        reboot();

        runs(NAME + " 1.0.0");
        Until.holds(() -> {
            assertThat(state("acme.a").problems().toString()).contains("no licence");
            assertThat(state("acme.b").problems().toString()).contains("did not start within");
            assertThat(state("acme.c").problems()).containsExactly("It needs the package not.there, which no bundle offers.");
        });
    }

    @Test
    void a_deployed_jar_that_was_damaged_on_disk_is_not_started_and_the_images_takes_its_place() throws Exception {
        marker("1.0.0").write(image.resolve("bundles/driver.jar"));
        reboot();
        isDone(install(marker("2.0.0")));
        Path jar = data.resolve("generations/jars").resolve(deployedJars().get(0));
        byte[] bytes = Files.readAllBytes(jar);
        bytes[bytes.length / 2] ^= 1;
        Files.write(jar, bytes);
        reboot();

        runs(NAME + " 1.0.0");
    }

    @Test
    void a_damaged_pointer_means_the_newest_generation() throws Exception {
        isDone(install(marker("1.0.0")));
        Files.writeString(data.resolve("generations/current.json"), "{\"version\": 1, \"cur");
        reboot();

        runs(NAME + " 1.0.0");
    }

    @Test
    void what_an_interrupted_deployment_has_left_is_not_started_and_is_removed() throws Exception {
        isDone(install(marker("1.0.0")));
        marker("2.0.0").write(data.resolve("generations/jars/" + "0".repeat(64) + ".jar"));
        reboot();

        runs(NAME + " 1.0.0");
        assertThat(deployedJars()).hasSize(1);
    }

    @Test
    void an_update_that_takes_a_package_from_a_running_bundle_is_refused_before_anything_is_touched() throws Exception {
        TestBundle library = TestBundle.named("acme.library", "1.0.0").header("Export-Package", "acme.lib;version=1.0")
            .entry("acme/lib/x.txt", "x");
        TestBundle user = TestBundle.named("acme.user", "1.0.0").activator(Marker.class)
            .header("Import-Package", "org.osgi.framework,acme.lib;version=\"[1,2)\"");
        isDone(install(library));
        isDone(install(user));
        runs("acme.user 1.0.0");

        DeploymentPlan good = plan(new Change.Install(jar(TestBundle.named("acme.library", "1.1.0")
            .header("Export-Package", "acme.lib;version=1.1").entry("acme/lib/x.txt", "x")), "test"));
        DeploymentReport update = install(TestBundle.named("acme.library", "2.0.0"));

        assertThat(good.effects().toString()).contains("Restarts acme.user");
        assertThat(update.outcome()).as("%s", update).isEqualTo(Outcome.REFUSED);
        assertThat(update.detail()).contains("acme.user, which uses it, would not work any more", "acme.lib");
        runs("acme.user 1.0.0");
    }

    @Test
    void only_engineers_change_bundles_and_the_console_cannot_be_stopped() throws Exception {
        Caller operator = new Caller(Caller.Kind.PERSON, "olga", Role.OPERATOR, "x");
        assertThatThrownBy(() -> deployer.apply(DeploymentRequest.of("", new Change.Stop(NAME)), operator))
            .isInstanceOf(AccessDeniedException.class);
        assertThat(audit.outcomes("olga")).hasSize(1);
        TestBundle.named("edge.web", "1.0.0").write(image.resolve("bundles/web.jar"));
        reboot();
        Until.holds(() -> assertThat(state("edge.web").phase()).isEqualTo(Phase.ACTIVE));

        assertThat(apply(new Change.Stop("edge.web")).detail()).contains("The console runs in edge.web");
        assertThat(apply(new Change.Stop("org.apache.felix.scr")).outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(state("org.apache.felix.scr").origin()).isEqualTo(Origin.SYSTEM);
        assertThat(state("org.apache.felix.framework").origin()).isEqualTo(Origin.SYSTEM);
    }

    @Test
    void a_plan_tells_what_would_happen_and_touches_nothing() throws Exception {
        isDone(install(marker("1.1.0")));

        assertThat(plan(new Change.Install(jar(marker("1.0.0")), "x")).problems()).singleElement().asString()
            .contains("older than 1.1.0", "allow the downgrade");
        assertThat(deployer.plan(DeploymentRequest.of("", new Change.Install(jar(marker("1.0.0")), "x")).withDowngrade())
            .effects()).containsExactly("Replaces acme.driver 1.1.0 by the older 1.0.0: stops it, updates it, starts it.");
        assertThat(plan(new Change.Install(jar(TestBundle.named("acme.new", "1.0.0")), "x")).effects())
            .containsExactly("Installs acme.new 1.0.0 and starts it.");
        assertThat(plan(new Change.Stop("acme.absent")).problems()).hasSize(1);
        runs(NAME + " 1.1.0");
        assertThat(deployedJars()).hasSize(1);
    }

    @Test
    void a_dropped_jar_is_deployed_and_makes_room_for_a_note() throws Exception {
        Path dropped = data.resolve("deploy/driver.jar");
        marker("1.0.0").write(dropped);

        runs(NAME + " 1.0.0");
        Until.holds(() -> {
            assertThat(dropped).doesNotExist();
            assertThat(data.resolve("deploy/driver.jar.deployed.txt")).content().contains("acme.driver 1.0.0", "done");
        });
    }

    @Test
    void a_jar_that_is_still_being_copied_waits_until_it_is_complete() throws Exception {
        Path dropped = data.resolve("deploy/driver.jar");
        byte[] bytes = marker("1.0.0").entry("ballast", new byte[3_000]).bytes();
        for (int end = 0; end < bytes.length; end += bytes.length / 6 + 1) {
            Files.write(dropped, Arrays.copyOf(bytes, end));
            Thread.sleep(400);
        }
        assertThat(deployer.history(9)).isEmpty();
        Files.write(dropped, bytes);

        runs(NAME + " 1.0.0");
        Until.holds(() -> assertThat(deployer.history(9)).hasSize(1));
    }

    @Test
    void a_bad_jar_stays_with_a_note_that_says_why_and_is_tried_once_until_it_is_replaced() throws Exception {
        Path dropped = data.resolve("deploy/driver.jar");
        TestBundle.named(NAME, "1.0.0").activator(Throws.class).write(dropped);
        Path note = data.resolve("deploy/driver.jar.rejected.txt");

        Until.holds(() -> assertThat(note).content().contains("no licence for this plant"));
        reboot();
        Thread.sleep(1_000);
        assertThat(deployer.history(9)).hasSize(1);
        assertThat(dropped).exists();
        marker("1.0.1").write(dropped);

        runs(NAME + " 1.0.1");
        Until.holds(() -> assertThat(note).doesNotExist());
    }

    @Test
    void jars_that_need_one_another_may_be_dropped_together_or_one_after_the_other() throws Exception {
        TestBundle user = TestBundle.named("acme.a.user", "1.0.0").header("Import-Package", "org.osgi.framework,acme.lib")
            .activator(Marker.class);
        user.write(data.resolve("deploy/a.jar"));
        Until.holds(() -> assertThat(data.resolve("deploy/a.jar.rejected.txt")).content().contains("acme.lib"));

        TestBundle.named("acme.lib", "1.0.0").header("Export-Package", "acme.lib").entry("acme/lib/x.txt", "x")
            .write(data.resolve("deploy/b.jar"));

        runs("acme.a.user 1.0.0");
        Until.holds(() -> assertThat(data.resolve("deploy/a.jar.rejected.txt")).doesNotExist());
    }
}
