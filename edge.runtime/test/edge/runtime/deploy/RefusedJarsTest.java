// SPDX-License-Identifier: Apache-2.0
package edge.runtime.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import edge.api.deploy.Change;
import edge.api.deploy.DeploymentPlan;
import edge.api.deploy.DeploymentReport;
import edge.api.deploy.DeploymentReport.Outcome;
import edge.runtime.deploy.bundles.Marker;
import edge.runtime.testkit.TestBundle;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;

/** What is refused before anything is touched. */
class RefusedJarsTest extends DeployerFixture {

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
}
