// SPDX-License-Identifier: Apache-2.0
package edge.runtime.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import edge.api.access.AccessDeniedException;
import edge.api.access.Caller;
import edge.api.access.Role;
import edge.api.deploy.BundleState.Origin;
import edge.api.deploy.BundleState.Phase;
import edge.api.deploy.Change;
import edge.api.deploy.DeploymentReport;
import edge.api.deploy.DeploymentReport.Outcome;
import edge.api.deploy.DeploymentRequest;
import edge.runtime.testkit.TestBundle;
import edge.runtime.testkit.Until;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;

/** What is deployed, stopped, started and removed, and what is told about it. */
class LocalDeployerTest extends DeployerFixture {

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
}
