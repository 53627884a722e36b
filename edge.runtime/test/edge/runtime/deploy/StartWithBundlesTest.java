// SPDX-License-Identifier: Apache-2.0
package edge.runtime.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import edge.api.deploy.Change;
import edge.api.health.Events;
import edge.runtime.deploy.bundles.Blocks;
import edge.runtime.deploy.bundles.Throws;
import edge.runtime.testkit.TestBundle;
import edge.runtime.testkit.TestFramework;
import edge.runtime.testkit.Until;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What a gateway starts with: the image's bundles and the deployed ones, whatever has become of their files. */
class StartWithBundlesTest extends DeployerFixture {

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
    void a_deployed_bundle_outlives_an_upgrade_of_the_product_and_it_is_told_that_there_is_a_newer_one() throws Exception {
        marker("1.0.0").write(image.resolve("bundles/driver.jar"));
        reboot();
        install(marker("2.0.0"));
        reboot();
        runs(NAME + " 2.0.0");

        marker("3.0.0").write(image.resolve("bundles/driver.jar"));
        reboot();

        runs(NAME + " 2.0.0");
        Until.holds(() -> assertThat(events.recent(100)).extracting(Events.Event::text).filteredOn(text ->
            text.contains("newer")).singleElement().asString().contains("deployed 2.0.0 is in force", "newer 3.0.0", "uninstall"));
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
}
