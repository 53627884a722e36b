// SPDX-License-Identifier: Apache-2.0
package edge.runtime.deploy;

import edge.api.access.Caller;
import edge.api.config.Problem;
import edge.runtime.deploy.BundleControl.StepException;
import edge.runtime.desired.DesiredState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.osgi.framework.Bundle;

/**
 * Takes the framework from one set of bundles and configurations to another, and back. Knows nothing of files that outlive
 * it: what is on disk is the deployment's business. One thread.
 */
final class Swap {
    private static final long COMPONENTS_NANOS = 6_000_000_000L;
    private static final long POLL_MILLIS = 20;

    private final BundleControl control;
    private final Components components;
    private final DesiredState configurations;
    private final Caller caller;
    private final List<Goal> goals;
    private final List<Goal> origin;
    private final Map<String, Optional<String>> texts;
    private final Map<String, Optional<String>> textsBefore = new TreeMap<>();
    private final Map<String, Components.State> componentsBefore = new HashMap<>();
    private final Set<Bundle> closure = new LinkedHashSet<>();
    private final Set<Bundle> users = new LinkedHashSet<>();

    /**
     * What is to be with one bundle.
     *
     * @param change whether its code changes; else it is only started or stopped
     * @param jar its code; empty if it is not to be there, or does not change
     */
    record Goal(String symbolicName, boolean change, Optional<Path> jar, boolean run) {
    }

    /**
     * @param texts configurations by PID, as on disk; empty to delete
     * @param jarInUse where the code of a bundle that is there now can be had again
     */
    Swap(BundleControl control, Components components, DesiredState configurations, Caller caller, List<Goal> goals,
         Map<String, Optional<String>> texts, Function<String, Optional<Path>> jarInUse) {
        this.control = control;
        this.components = components;
        this.configurations = configurations;
        this.caller = caller;
        this.goals = goals.stream().sorted(Comparator.comparingInt(goal -> Boot.rank(goal.symbolicName()))).toList();
        this.texts = texts;
        List<Goal> before = new ArrayList<>();
        List<Bundle> changing = new ArrayList<>();
        for (Goal goal : this.goals) {
            Bundle bundle = control.find(goal.symbolicName());
            boolean ran = bundle != null && (bundle.getState() == Bundle.ACTIVE || bundle.getState() == Bundle.STARTING);
            before.add(new Goal(goal.symbolicName(), goal.change(), bundle == null || !goal.change() ? Optional.empty()
                : jarInUse.apply(goal.symbolicName()), ran));
            if (bundle != null) {
                components.of(bundle).forEach(state -> componentsBefore.put(state.name(), state));
            }
            if (bundle != null && goal.change()) {
                changing.add(bundle);
            }
        }
        this.origin = List.copyOf(before);
        closure.addAll(Planner.closure(control, changing));
        closure.stream().filter(user -> user.getState() == Bundle.ACTIVE).forEach(user -> {
            users.add(user);
            components.of(user).forEach(state -> componentsBefore.put(state.name(), state));
        });
        texts.keySet().forEach(pid -> textsBefore.put(pid, configurations.disk(pid)));
    }

    /** Texts of the changed configurations as they were, by PID. */
    Map<String, Optional<String>> textsBefore() {
        return textsBefore;
    }

    /** Whoever is touched: changed, or restarted because it uses what is. */
    Collection<String> touched() {
        Set<String> names = new LinkedHashSet<>();
        goals.forEach(goal -> names.add(goal.symbolicName()));
        users.forEach(user -> names.add(user.getSymbolicName()));
        return names;
    }

    /** Whether a component did its work before. */
    boolean worked(String component) {
        Components.State old = componentsBefore.get(component);
        return old != null && old.works();
    }

    void forth() throws StepException {
        carryOut(goals, texts);
        requireComponents();
        requireUsers();
        requireConfigurations();
    }

    /** Puts everything back that {@link #forth} has changed, however far it came. */
    void back() throws StepException {
        carryOut(origin, textsBefore);
        requireUsers();
    }

    private void carryOut(List<Goal> wanted, Map<String, Optional<String>> wantedTexts) throws StepException {
        List<Bundle> rewired = new ArrayList<>();
        for (int i = wanted.size() - 1; i >= 0; i--) {
            Goal goal = wanted.get(i);
            Bundle bundle = control.find(goal.symbolicName());
            if (bundle != null && (goal.change() || !goal.run())) {
                control.stop(bundle);
            }
        }
        for (Goal goal : wanted) {
            if (goal.change()) {
                Bundle bundle = control.find(goal.symbolicName());
                if (bundle == null && goal.jar().isPresent()) {
                    control.install(goal.jar().get());
                } else if (bundle != null && goal.jar().isPresent()) {
                    control.update(bundle, goal.jar().get());
                    rewired.add(bundle);
                } else if (bundle != null) {
                    control.uninstall(bundle);
                    rewired.add(bundle);
                }
            }
        }
        if (!rewired.isEmpty()) {
            control.refresh(rewired);
        }
        if (!wantedTexts.isEmpty()) {
            configurations.write(wantedTexts, caller);
        }
        bringUp(wanted);
    }

    private void bringUp(List<Goal> wanted) throws StepException {
        List<Bundle> there = new ArrayList<>();
        for (Goal goal : wanted) {
            Bundle bundle = control.find(goal.symbolicName());
            if (bundle != null && (goal.change() || goal.run())) {
                there.add(bundle);
            }
        }
        List<Bundle> together = new ArrayList<>(there);
        closure.stream().filter(user -> user.getState() == Bundle.INSTALLED).forEach(together::add);
        control.resolveTogether(together);
        for (Bundle bundle : there) {
            control.resolve(bundle);
        }
        // A bundle may describe its configurations in another way than the one before it.
        configurations.recheck();
        for (Goal goal : wanted) {
            Bundle bundle = control.find(goal.symbolicName());
            if (bundle != null && BundleControl.isFragment(bundle)) {
                attach(bundle);
            } else if (bundle != null && goal.run()) {
                control.start(bundle);
            }
        }
    }

    /** A fragment comes into effect when its host is resolved anew. */
    private void attach(Bundle fragment) throws StepException {
        String host = Headers.clauses(fragment.getHeaders("").get("Fragment-Host")).get(0).paths().get(0);
        Bundle bundle = control.find(host);
        if (bundle != null) {
            control.refresh(List.of(bundle, fragment));
            if (fragment.getState() != Bundle.RESOLVED) {
                throw new StepException("It was not attached to its host " + host + ".", null);
            }
        }
    }

    /** Components that failed before may fail again; none may fail or lose its services newly. */
    private void requireComponents() throws StepException {
        long deadline = System.nanoTime() + COMPONENTS_NANOS;
        while (true) {
            String lost = "";
            for (String name : touched()) {
                Bundle bundle = control.find(name);
                for (Components.State state : bundle == null ? List.<Components.State>of() : components.of(bundle)) {
                    String trouble = trouble(state);
                    if (!state.failure().isEmpty() && !trouble.isEmpty()) {
                        throw new StepException(trouble, null);
                    }
                    lost = trouble.isEmpty() ? lost : trouble;
                }
            }
            if (lost.isEmpty()) {
                return;
            }
            if (System.nanoTime() > deadline) {
                throw new StepException(lost, null);
            }
            BundleControl.pause(POLL_MILLIS);
        }
    }

    /** What is worse with a component than before, as a sentence; empty if nothing is. */
    String trouble(Components.State state) {
        Components.State old = componentsBefore.get(state.name());
        if (!state.failure().isEmpty() && (old == null || old.failure().isEmpty())) {
            return "Its component " + state.name() + " failed: " + state.failure();
        }
        if (!state.waitsFor().isEmpty() && old != null && old.works()) {
            return "Its component " + state.name() + " worked before and now " + state.words() + ".";
        }
        return "";
    }

    private void requireUsers() throws StepException {
        for (Bundle user : users) {
            if (user.getState() != Bundle.ACTIVE && user.getState() != Bundle.UNINSTALLED) {
                try {
                    control.resolve(user);
                    control.start(user);
                } catch (StepException e) {
                    throw new StepException(user.getSymbolicName() + ", which uses it, does not run any more: "
                        + e.getMessage(), e);
                }
            }
        }
    }

    private void requireConfigurations() throws StepException {
        for (Map.Entry<String, List<Problem>> refused : configurations.refused(texts.keySet()).entrySet()) {
            if (texts.get(refused.getKey()).isPresent()) {
                throw new StepException("The configuration " + refused.getKey() + " is wrong: " + refused.getValue().get(0)
                    + ".", null);
            }
        }
    }
}
