// SPDX-License-Identifier: Apache-2.0
package edge.runtime.health;

import static org.assertj.core.api.Assertions.assertThat;

import edge.api.health.HealthReport;
import edge.api.health.HealthReport.Status;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;
import org.osgi.framework.dto.BundleDTO;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.component.runtime.dto.UnsatisfiedReferenceDTO;

class BundlesCheckTest {
    private final List<Bundle> bundles = new ArrayList<>();
    private final List<ComponentConfigurationDTO> configurations = new ArrayList<>();
    private final ComponentDescriptionDTO component = new ComponentDescriptionDTO();
    private final BundlesCheck check;
    private long nanos;

    BundlesCheckTest() {
        component.name = "edge.broker.Broker";
        component.bundle = new BundleDTO();
        component.bundle.symbolicName = "edge.broker";
        check = new BundlesCheck(
            fake(BundleContext.class, Map.of("getBundles", () -> bundles.toArray(Bundle[]::new))),
            fake(ServiceComponentRuntime.class, Map.of(
                "getComponentDescriptionDTOs", () -> List.of(component),
                "getComponentConfigurationDTOs", () -> configurations)),
            () -> nanos);
    }

    private static <T> T fake(Class<T> type, Map<String, Supplier<Object>> answers) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) ->
            answers.get(method.getName()).get()));
    }

    private void bundle(String name, int state, boolean shouldRun, boolean isFragment) {
        Hashtable<String, String> headers = new Hashtable<>();
        if (isFragment) {
            headers.put(Constants.FRAGMENT_HOST, "host");
        }
        BundleStartLevel startLevel = fake(BundleStartLevel.class, Map.of("isPersistentlyStarted", () -> shouldRun));
        bundles.add(fake(Bundle.class, Map.of("getState", () -> state, "getHeaders", () -> headers, "adapt", () -> startLevel,
            "getSymbolicName", () -> name, "getVersion", () -> new Version(1, 2, 3))));
    }

    private void configuration(int state, String failure, String reference) {
        ComponentConfigurationDTO configuration = new ComponentConfigurationDTO();
        configuration.state = state;
        configuration.failure = failure;
        UnsatisfiedReferenceDTO unsatisfied = new UnsatisfiedReferenceDTO();
        unsatisfied.name = reference;
        configuration.unsatisfiedReferences = new UnsatisfiedReferenceDTO[] {unsatisfied};
        configurations.add(configuration);
    }

    private HealthReport afterPatience() {
        assertThat(check.check().status()).as("what has just begun is given time").isEqualTo(Status.OK);
        nanos += BundlesCheck.PATIENCE_NANOS;
        return check.check();
    }

    @Test
    void bundles_that_run_were_stopped_on_purpose_or_are_fragments_are_well() {
        bundle("running", Bundle.ACTIVE, true, false);
        bundle("stopped", Bundle.RESOLVED, false, false);
        bundle("fragment", Bundle.RESOLVED, true, true);
        configuration(ComponentConfigurationDTO.ACTIVE, null, null);
        configuration(ComponentConfigurationDTO.SATISFIED, null, null);

        assertThat(afterPatience().status()).isEqualTo(Status.OK);
    }

    @Test
    void a_bundle_that_cannot_be_resolved_is_named() {
        bundle("acme.driver", Bundle.INSTALLED, true, false);

        assertThat(afterPatience()).satisfies(report -> {
            assertThat(report.status()).isEqualTo(Status.WARN);
            assertThat(report.reason()).contains("acme.driver 1.2.3").contains("cannot be resolved");
            assertThat(report.remedy()).isNotEmpty();
        });
        bundles.clear();
        nanos += BundlesCheck.PATIENCE_NANOS;
        assertThat(check.check().status()).isEqualTo(Status.OK);
    }

    @Test
    void a_bundle_that_should_run_and_does_not_is_named() {
        bundle("acme.driver", Bundle.RESOLVED, true, false);

        assertThat(afterPatience().reason()).contains("acme.driver 1.2.3").contains("not started");
    }

    @Test
    void a_component_that_waits_names_what_it_waits_for() {
        configuration(ComponentConfigurationDTO.UNSATISFIED_REFERENCE, null, "Journal");

        assertThat(afterPatience().reason()).isEqualTo("component edge.broker.Broker of edge.broker waits for the service Journal");
    }

    @Test
    void a_component_that_failed_is_named_at_once_with_the_first_line_of_its_failure() {
        configuration(ComponentConfigurationDTO.FAILED_ACTIVATION, "java.net.BindException: in use\n\tat somewhere", null);

        assertThat(check.check().status()).isEqualTo(Status.WARN);
        assertThat(check.check().reason()).endsWith("failed to start: java.net.BindException: in use");
    }

    @Test
    void the_framework_is_not_examined_at_every_call() {
        check.check();
        configuration(ComponentConfigurationDTO.FAILED_ACTIVATION, null, null);

        assertThat(check.check().status()).isEqualTo(Status.OK);
        nanos += 2_000_000_000L;
        assertThat(check.check().status()).isEqualTo(Status.WARN);
    }
}
