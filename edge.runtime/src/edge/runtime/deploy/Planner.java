// SPDX-License-Identifier: Apache-2.0
package edge.runtime.deploy;

import edge.api.deploy.BundleState.Origin;
import edge.api.deploy.Change;
import edge.api.deploy.DeploymentPlan;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.osgi.framework.Bundle;

/** Tells what a change would do, and what stands in its way. Touches nothing. Any thread. */
final class Planner {
    private final BundleControl control;
    private final ImageBundles image;
    private final Guard guard;
    private final JarCheck check;
    private final Supplier<DesiredBundles> desired;

    Planner(BundleControl control, ImageBundles image, Guard guard, JarCheck check, Supplier<DesiredBundles> desired) {
        this.control = control;
        this.image = image;
        this.guard = guard;
        this.check = check;
        this.desired = desired;
    }

    DeploymentPlan plan(Change change) {
        List<String> effects = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        if (change instanceof Change.Install install) {
            try {
                install(check.check(install.jar()), effects, problems);
            } catch (JarCheck.RejectedException e) {
                problems.add(e.getMessage());
            }
        } else if (change instanceof Change.Start start) {
            existing(start.symbolicName(), problems);
            effects.add("Starts " + start.symbolicName() + ".");
        } else if (change instanceof Change.Stop stop) {
            stop(stop.symbolicName(), effects, problems);
        } else if (change instanceof Change.Uninstall uninstall) {
            uninstall(uninstall.symbolicName(), effects, problems);
        }
        return new DeploymentPlan(change, problems.isEmpty() ? effects : List.of(), problems);
    }

    /** What installing that jar would do. */
    void install(JarFacts facts, List<String> effects, List<String> problems) {
        String name = facts.symbolicName();
        Bundle current = control.find(name);
        if (guard.isSystem(name) || current != null && guard.origin(current, desired.get()) == Origin.SYSTEM) {
            problems.add(name + " is part of the system: it is changed only with the product image.");
            return;
        }
        facts.fragmentHost().ifPresent(host -> fragment(host, problems));
        guard.reserved(facts.exports()).ifPresent(reserved -> problems.add("It offers the package " + reserved
            + ", which belongs to the product: rename it, or import it instead of exporting it."));
        if (problems.isEmpty()) {
            problems.addAll(Need.missing(facts.needs(), control.wiring()));
        }
        if (current == null) {
            effects.add("Installs " + name + " " + facts.version() + " and starts it.");
        } else {
            int order = facts.version().compareTo(current.getVersion());
            effects.add("Replaces " + name + " " + current.getVersion() + " by " + (order < 0 ? "the older " : "")
                + (order == 0 ? "another build of the same version" : facts.version()) + ": stops it, updates it, starts it.");
            dependents(current, effects, problems);
        }
        if (facts.hasNativeCode()) {
            effects.add("It contains native libraries: those that are loaded already stay until the gateway is restarted.");
        }
    }

    private void fragment(String host, List<String> problems) {
        Bundle bundle = control.find(host);
        if (guard.isSystem(host) || bundle != null && guard.origin(bundle, desired.get()) == Origin.SYSTEM) {
            problems.add("It is a fragment of " + host + ", which is part of the system and cannot be extended.");
        }
    }

    private void dependents(Bundle current, List<String> effects, List<String> problems) {
        Collection<String> names = new TreeSet<>();
        for (Bundle dependent : control.wiring().getDependencyClosure(List.of(current))) {
            if (dependent != current) {
                if (guard.origin(dependent, desired.get()) == Origin.SYSTEM) {
                    problems.add(dependent.getSymbolicName() + " uses it and is part of the system: "
                        + current.getSymbolicName() + " is changed only with the product image.");
                }
                names.add(dependent.getSymbolicName());
            }
        }
        if (!names.isEmpty()) {
            effects.add("Restarts " + String.join(", ", names) + ", which use its packages.");
        }
    }

    private Bundle existing(String name, List<String> problems) {
        Bundle bundle = control.find(name);
        if (bundle == null) {
            problems.add("There is no bundle " + name + ".");
        } else if (guard.origin(bundle, desired.get()) == Origin.SYSTEM) {
            problems.add(name + " is part of the system: it is changed only with the product image.");
        } else if (BundleControl.isFragment(bundle)) {
            problems.add(name + " is a fragment: it runs with its host and is not started or stopped by itself.");
        }
        return bundle;
    }

    private void stop(String name, List<String> effects, List<String> problems) {
        existing(name, problems);
        if (guard.isConsole(name)) {
            problems.add("The console runs in " + name + ": nobody could start it again from afar. Update it instead.");
        }
        effects.add("Stops " + name + ", also after a restart, until it is started again.");
    }

    private void uninstall(String name, List<String> effects, List<String> problems) {
        Bundle bundle = control.find(name);
        if (desired.get().find(name).isEmpty() || bundle == null) {
            problems.add(bundle == null ? "There is no bundle " + name + "."
                : name + " was not deployed into this gateway, it belongs to the image: it can be stopped, not uninstalled.");
            return;
        }
        if (image.find(name).isPresent()) {
            effects.add("Removes " + name + " " + bundle.getVersion() + "; the version of the product image takes its place.");
        } else {
            effects.add("Removes " + name + " " + bundle.getVersion() + ".");
        }
        dependents(bundle, effects, problems);
    }
}
