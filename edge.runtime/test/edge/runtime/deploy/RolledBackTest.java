// SPDX-License-Identifier: Apache-2.0
package edge.runtime.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import edge.api.deploy.DeploymentReport;
import edge.api.deploy.DeploymentReport.Outcome;
import edge.runtime.deploy.bundles.Blocks;
import edge.runtime.deploy.bundles.Hangs;
import edge.runtime.deploy.bundles.Picky;
import edge.runtime.deploy.bundles.Throws;
import edge.runtime.testkit.TestBundle;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;

/** What is applied, does not work and is undone. */
class RolledBackTest extends DeployerFixture {

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
        assertThat(update.detail()).contains("did not start within " + DeployerRig.STEP.toSeconds() + " s", "Blocks.start");
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
}
