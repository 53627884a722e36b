// SPDX-License-Identifier: Apache-2.0
package edge.runtime.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import edge.api.deploy.DeploymentReport;
import edge.api.deploy.DeploymentReport.Outcome;
import edge.runtime.deploy.bundles.Marker;
import edge.api.deploy.DeploymentReport;
import edge.api.deploy.DeploymentReport.Outcome;
import edge.runtime.deploy.bundles.Marker;
import edge.runtime.deploy.bundles.Throws;
import edge.runtime.testkit.TestBundle;
import edge.runtime.testkit.Until;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The folder into which jars are dropped. */
class DropFolderTest extends DeployerFixture {

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
        List<String> deployed = new ArrayList<>();
        for (int part = 0; part < 3; part++) {
            Files.write(dropped, Arrays.copyOf(bytes, bytes.length * part / 3));
            // One that is complete, dropped after it: when that runs, the other one has been at rest for as long.
            String later = "acme.later" + part;
            TestBundle.named(later, "1.0.0").activator(Marker.class).write(data.resolve("deploy/" + later + ".jar"));
            deployed.add(later + " 1.0.0");
            runs(deployed.toArray(String[]::new));
        }
        assertThat(data.resolve("deploy/driver.jar.rejected.txt")).doesNotExist();
        Files.write(dropped, bytes);

        deployed.add(0, NAME + " 1.0.0");
        runs(deployed.toArray(String[]::new));
        Until.holds(() -> assertThat(deployer.history(9)).hasSize(4).extracting(DeploymentReport::outcome)
            .containsOnly(Outcome.DONE));
    }

    @Test
    void a_jar_whose_end_never_comes_is_called_broken_and_is_taken_when_it_is_whole() throws Exception {
        incomplete = Duration.ofMillis(500);
        reboot();
        Path dropped = data.resolve("deploy/driver.jar");
        byte[] bytes = marker("1.0.0").entry("ballast", new byte[3_000]).bytes();
        Files.write(dropped, Arrays.copyOf(bytes, bytes.length / 2));

        Path note = data.resolve("deploy/driver.jar.rejected.txt");
        Until.holds(() -> assertThat(note).content().contains("not a complete jar"));
        Files.write(dropped, bytes);

        runs(NAME + " 1.0.0");
        Until.holds(() -> assertThat(note).doesNotExist());
    }

    @Test
    void a_bad_jar_stays_with_a_note_that_says_why_and_is_tried_once_until_it_is_replaced() throws Exception {
        Path dropped = data.resolve("deploy/driver.jar");
        TestBundle.named(NAME, "1.0.0").activator(Throws.class).write(dropped);
        Path note = data.resolve("deploy/driver.jar.rejected.txt");

        Until.holds(() -> assertThat(note).content().contains("no licence for this plant"));
        reboot();
        TestBundle.named("acme.later", "1.0.0").activator(Marker.class).write(data.resolve("deploy/later.jar"));
        runs("acme.later 1.0.0");
        Until.holds(() -> assertThat(deployer.history(9)).hasSize(2));
        assertThat(dropped).exists();
        marker("1.0.1").write(dropped);

        runs(NAME + " 1.0.1", "acme.later 1.0.0");
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
