// SPDX-License-Identifier: Apache-2.0
package edge.runtime.deploy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.osgi.framework.Bundle;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.component.runtime.dto.UnsatisfiedReferenceDTO;

/** The declarative services of a bundle, in plain words. */
final class Components {
    private final ServiceComponentRuntime runtime;

    Components(ServiceComponentRuntime runtime) {
        this.runtime = runtime;
    }

    /**
     * One component, or one configuration of it.
     *
     * @param name the component's name, with the configuration's name if it is one of many
     * @param failure why it failed; empty if it did not
     * @param waitsFor the services it lacks; empty if none
     */
    record State(String name, boolean works, String failure, List<String> waitsFor, String words) {
    }

    List<State> of(Bundle bundle) {
        List<State> states = new ArrayList<>();
        if (bundle.getState() != Bundle.ACTIVE && bundle.getState() != Bundle.STARTING) {
            return states;
        }
        for (ComponentDescriptionDTO component : runtime.getComponentDescriptionDTOs(bundle)) {
            Collection<ComponentConfigurationDTO> configurations = runtime.getComponentConfigurationDTOs(component);
            if (configurations.isEmpty()) {
                states.add(withoutConfiguration(component));
            }
            configurations.forEach(configuration -> states.add(state(component, configuration)));
        }
        return states;
    }

    private State withoutConfiguration(ComponentDescriptionDTO component) {
        return runtime.isComponentEnabled(component)
            ? new State(component.name, false, "", List.of(), "waits for a configuration " + pids(component))
            : new State(component.name, false, "", List.of(), "disabled");
    }

    private static State state(ComponentDescriptionDTO component, ComponentConfigurationDTO configuration) {
        String name = component.name + suffix(configuration);
        return switch (configuration.state) {
            case ComponentConfigurationDTO.UNSATISFIED_CONFIGURATION ->
                new State(name, false, "", List.of(), "waits for a configuration " + pids(component));
            case ComponentConfigurationDTO.UNSATISFIED_REFERENCE -> waiting(name, component, configuration);
            case ComponentConfigurationDTO.FAILED_ACTIVATION -> {
                String failure = firstLine(configuration.failure);
                yield new State(name, false, failure, List.of(), "failed: " + failure);
            }
            case ComponentConfigurationDTO.ACTIVE -> new State(name, true, "", List.of(), "active");
            default -> new State(name, true, "", List.of(), "ready, starts when it is used");
        };
    }

    private static State waiting(String name, ComponentDescriptionDTO component, ComponentConfigurationDTO configuration) {
        List<String> missing = new ArrayList<>();
        Map<String, String> types = new TreeMap<>();
        Arrays.stream(component.references).forEach(reference -> types.put(reference.name, reference.interfaceName));
        for (UnsatisfiedReferenceDTO reference : configuration.unsatisfiedReferences) {
            missing.add(types.getOrDefault(reference.name, reference.name)
                + (reference.target == null ? "" : " " + reference.target));
        }
        return new State(name, false, "", missing, "waits for the service " + String.join(", ", missing));
    }

    private static String suffix(ComponentConfigurationDTO configuration) {
        Object pid = configuration.properties == null ? null : configuration.properties.get("service.pid");
        String text = pid instanceof String one ? one : "";
        int tilde = text.indexOf('~');
        return tilde < 0 ? "" : text.substring(tilde);
    }

    private static String pids(ComponentDescriptionDTO component) {
        return String.join(", ", component.configurationPid);
    }

    private static String firstLine(String failure) {
        if (failure == null) {
            return "unknown reason";
        }
        String line = failure.lines().findFirst().orElse("unknown reason").trim();
        // The constructor's own exception is wrapped by the reflection that called it.
        return failure.lines().filter(other -> other.startsWith("Caused by: ")).reduce((first, last) -> last)
            .map(last -> last.substring("Caused by: ".length())).orElse(line);
    }
}
