// SPDX-License-Identifier: Apache-2.0
package edge.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import edge.api.device.FieldDevice;
import edge.json.JsonParser;
import edge.lab.Lab.Cuts;
import edge.lab.guest.DeployingGateway;
import edge.test.support.GatewayProcess;
import edge.test.support.Program;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleActivator;

/**
 * The distribution on a disk with a write cache of its own, cut at random points of deployments: what comes up is the old set
 * or the new one, and what was reported as done stays. {@code -Dedge.lab.deployment.cuts=N} makes it N cuts.
 */
class DeploymentPowerCutTest {

    private static final int CUTS = Integer.getInteger("edge.lab.deployment.cuts", 1);
    private static final Duration ONE_CUT = Duration.ofMinutes(15);
    /** Long enough for a deployment or two on an emulated processor. */
    private static final int WITHIN_MILLIS = 12_000;
    private static final String JAVA = "java -Xmx64m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Dedge.distribution=/tmp/edge"
        + " -cp '/tmp/guest/*' edge.lab.guest.DeployingGateway ";

    @TempDir
    static Path folder;

    private static Path share;

    @BeforeAll
    static void build() throws Exception {
        Lab.need(folder.resolve("build.log"));
        share = GuestJar.pack(Files.createDirectories(folder.resolve("share/guest")), DeployingGateway.class,
            GatewayProcess.class, JsonParser.class, JsonFactory.class, FieldDevice.class, BundleActivator.class).getParent();
        Program copy = Program.start(folder.resolve("copy.log"), Map.of(), List.of("cp", "-r",
            GatewayProcess.distribution().toString(), share.resolve("edge").toString()));
        assertThat(copy.exitCode(ONE_CUT)).as(copy.output()).isZero();
        // The machine's own memory is faster than the share.
        for (String verb : List.of("write", "check")) {
            Files.writeString(share.resolve(verb), """
                mkdir -p /dev/shm && mount -t tmpfs tmpfs /dev/shm
                cp -r /share/edge /share/guest /tmp
                export EDGE_START_PATIENCE=600
                exec %s%s /data/gateway "$@"
                """.formatted(JAVA, verb));
        }
    }

    @Test
    void cut_at_any_point_of_a_deployment_the_gateway_has_the_old_set_or_the_new_one(TestReporter figures) throws Exception {
        Cuts cuts = Lab.powerCuts(folder.resolve("cuts.log"), ONE_CUT.multipliedBy(CUTS + 1), "--rounds",
            Integer.toString(CUTS), "--disk", "volatile", "--within", Integer.toString(WITHIN_MILLIS), "--limit",
            Long.toString(ONE_CUT.toSeconds()), "--share", share.toString(), "--write", "sh /share/write", "--check",
            "sh /share/check");
        figures.publishEntry(cuts.report());
        assertThat(cuts.nothingLost()).as(cuts.report()).isTrue();
        assertThat(cuts.report()).as("each machine came up again").doesNotContain("ended by itself");
    }
}
