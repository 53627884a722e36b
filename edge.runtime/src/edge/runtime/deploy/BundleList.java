// SPDX-License-Identifier: Apache-2.0
package edge.runtime.deploy;

import edge.api.deploy.BundleState;
import edge.api.deploy.BundleState.Phase;
import edge.runtime.generation.BundleSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;

/** Describes the bundles of the framework. Any thread. */
final class BundleList {
    private final BundleContext context;
    private final BundleControl control;
    private final Components components;
    private final Guard guard;

    BundleList(BundleContext context, BundleControl control, Components components, Guard guard) {
        this.context = context;
        this.control = control;
        this.components = components;
        this.guard = guard;
    }

    /** @param failures why bundles did not start, by symbolic name */
    List<BundleState> all(BundleSet desired, Map<String, String> failures) {
        return Arrays.stream(context.getBundles())
            .filter(bundle -> bundle.getState() != Bundle.UNINSTALLED)
            .map(bundle -> state(bundle, desired, failures))
            .sorted(Comparator.comparing(BundleState::symbolicName).thenComparing(BundleState::version))
            .toList();
    }

    private BundleState state(Bundle bundle, BundleSet desired, Map<String, String> failures) {
        String name = bundle.getSymbolicName() == null ? bundle.getLocation() : bundle.getSymbolicName();
        String title = bundle.getHeaders("").get("Bundle-Name");
        boolean wanted = !desired.stopped().contains(name) && !control.isGivenUp(bundle);
        List<Components.State> states = components.of(bundle);
        List<String> problems = new ArrayList<>();
        if (control.isGivenUp(bundle)) {
            problems.add("Its code does not return: it was given up and stays until the gateway is restarted.");
        } else if (wanted) {
            notRunning(bundle, failures.get(name), problems);
        }
        for (Components.State state : states) {
            if (!state.failure().isEmpty() || !state.waitsFor().isEmpty()) {
                problems.add("Its component " + state.name() + " " + state.words() + ".");
            }
        }
        return new BundleState(name, bundle.getVersion().toString(), title == null ? name : title, phase(bundle),
            guard.origin(bundle, desired), wanted, problems,
            states.stream().map(state -> state.name() + ": " + state.words()).toList());
    }

    private void notRunning(Bundle bundle, String failure, List<String> problems) {
        if (bundle.getState() == Bundle.INSTALLED) {
            problems.addAll(control.missing(bundle));
        }
        if (problems.isEmpty() && bundle.getState() != Bundle.ACTIVE && !waitsForItsFirstClass(bundle)
            && !BundleControl.isFragment(bundle)) {
            problems.add(failure == null ? "It is not running." : failure);
        }
    }

    /** A bundle with the lazy activation policy is as good as active: it becomes so when a class of it is first loaded. */
    private static boolean waitsForItsFirstClass(Bundle bundle) {
        String policy = bundle.getHeaders("").get(Constants.BUNDLE_ACTIVATIONPOLICY);
        return bundle.getState() == Bundle.STARTING && policy != null && policy.startsWith(Constants.ACTIVATION_LAZY);
    }

    private static Phase phase(Bundle bundle) {
        return switch (bundle.getState()) {
            case Bundle.INSTALLED -> Phase.INSTALLED;
            case Bundle.STARTING -> Phase.STARTING;
            case Bundle.ACTIVE -> Phase.ACTIVE;
            case Bundle.STOPPING -> Phase.STOPPING;
            default -> Phase.RESOLVED;
        };
    }
}
