// SPDX-License-Identifier: Apache-2.0
package edge.runtime.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import edge.runtime.deploy.bundles.Marker;
import edge.runtime.deploy.bundles.Marker;
import edge.runtime.deploy.bundles.Throws;
import edge.runtime.testkit.TestBundle;
import edge.runtime.testkit.Until;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
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
        for (int end = 0; end < bytes.length; end += bytes.length / 6 + 1) {
            Files.write(dropped, Arrays.copyOf(bytes, end));
            Thread.sleep(300); // longer than a complete one needs to come to rest
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
