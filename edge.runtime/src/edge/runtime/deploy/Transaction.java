// SPDX-License-Identifier: Apache-2.0
package edge.runtime.deploy;

import edge.api.deploy.DeploymentReport.Outcome;
import edge.runtime.base.DataDirectory;
import edge.runtime.deploy.BundleControl.StepException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.osgi.framework.Bundle;

/**
 * One change of one bundle: carried out completely, or undone. What is desired is written last, so that a gateway that loses
 * power meanwhile comes up with what it had before. One thread.
 */
final class Transaction {
    private static final Duration CONFIGURATIONS = Duration.ofSeconds(10);
    private static final Duration COMPONENTS = Duration.ofSeconds(3);
    private static final long POLL_MILLIS = 50;

    private final BundleControl control;
    private final Components components;
    private final Function<Duration, Boolean> settleConfigurations;
    private final String symbolicName;
    private final Bundle before;
    private final boolean ranBefore;
    private final Map<String, Components.State> componentsBefore = new HashMap<>();
    private final Set<Bundle> usersBefore = new LinkedHashSet<>();

    /** Makes what was done last: writes the desired state. */
    @FunctionalInterface
    interface Commit {
        void run() throws IOException;
    }

    /** @param detail why, when it is not done */
    record Result(Outcome outcome, String detail) {
        static final Result DONE = new Result(Outcome.DONE, "");
    }

    Transaction(BundleControl control, Components components, Function<Duration, Boolean> settleConfigurations,
                String symbolicName) {
        this.control = control;
        this.components = components;
        this.settleConfigurations = settleConfigurations;
        this.symbolicName = symbolicName;
        this.before = control.find(symbolicName);
        this.ranBefore = before != null && before.getState() == Bundle.ACTIVE;
        if (before != null) {
            components.of(before).forEach(state -> componentsBefore.put(state.name(), state));
            control.wiring().getDependencyClosure(List.of(before)).stream()
                .filter(user -> user != before && user.getState() == Bundle.ACTIVE).forEach(usersBefore::add);
        }
    }

    /**
     * Puts a jar in the place of what is there, or installs it.
     *
     * @param previous the jar of what is there; null if nothing is
     */
    Result put(Path jar, Path previous, boolean run, Commit commit) {
        try {
            Bundle bundle = before;
            if (bundle == null) {
                bundle = control.install(jar);
            } else {
                replace(bundle, jar);
            }
            bringUp(bundle, run);
            commit(commit);
            return Result.DONE;
        } catch (StepException e) {
            return undo(previous, e.getMessage());
        }
    }

    Result remove(Path previous, Commit commit) {
        try {
            control.stop(before);
            control.uninstall(before);
            control.refresh(List.of(before));
            commit(commit);
            return Result.DONE;
        } catch (StepException e) {
            return undo(previous, e.getMessage());
        }
    }

    Result start(Commit commit) {
        try {
            bringUp(before, true);
            commit(commit);
            return Result.DONE;
        } catch (StepException e) {
            try {
                Bundle left = control.find(symbolicName);
                if (left != null && !ranBefore) {
                    control.stop(left);
                }
                return new Result(Outcome.ROLLED_BACK, e.getMessage());
            } catch (StepException again) {
                return new Result(Outcome.FAILED, e.getMessage() + " " + again.getMessage());
            }
        }
    }

    Result stop(Commit commit) {
        try {
            commit(commit);
        } catch (StepException e) {
            return new Result(Outcome.ROLLED_BACK, e.getMessage());
        }
        try {
            control.stop(before);
            return Result.DONE;
        } catch (StepException e) {
            return new Result(Outcome.FAILED, e.getMessage() + " It will not be started with the gateway any more.");
        }
    }

    private void replace(Bundle bundle, Path jar) throws StepException {
        control.stop(bundle);
        control.update(bundle, jar);
        control.refresh(List.of(bundle));
    }

    private void bringUp(Bundle bundle, boolean run) throws StepException {
        control.resolve(bundle);
        settleConfigurations.apply(CONFIGURATIONS);
        if (BundleControl.isFragment(bundle)) {
            attach(bundle);
        } else if (run) {
            control.start(bundle);
            requireComponents(bundle);
        }
        requireUsers();
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
    private void requireComponents(Bundle bundle) throws StepException {
        long deadline = System.nanoTime() + COMPONENTS.toNanos();
        while (true) {
            String lost = "";
            for (Components.State state : components.of(bundle)) {
                Components.State old = componentsBefore.get(state.name());
                if (!state.failure().isEmpty() && (old == null || old.failure().isEmpty())) {
                    throw new StepException("Its component " + state.name() + " failed: " + state.failure(), null);
                }
                if (!state.waitsFor().isEmpty() && old != null && old.works()) {
                    lost = "Its component " + state.name() + " worked before and now " + state.words() + ".";
                }
            }
            if (lost.isEmpty()) {
                return;
            }
            if (System.nanoTime() > deadline) {
                throw new StepException(lost, null);
            }
            pause();
        }
    }

    private static void pause() throws StepException {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StepException("The gateway stops.", e);
        }
    }

    private void requireUsers() throws StepException {
        for (Bundle user : usersBefore) {
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

    private static void commit(Commit commit) throws StepException {
        try {
            commit.run();
        } catch (IOException e) {
            throw new StepException("It cannot be kept: " + DataDirectory.reason(e) + ".", e);
        }
    }

    private Result undo(Path previous, String why) {
        try {
            Bundle now = control.find(symbolicName);
            if (before == null) {
                return removeAgain(now, why);
            }
            Bundle restored = restore(now, previous);
            if (ranBefore) {
                control.start(restored);
            }
            requireUsers();
            return new Result(Outcome.ROLLED_BACK, why);
        } catch (StepException e) {
            return new Result(Outcome.FAILED, why + " What was there before could not be restored: " + e.getMessage());
        }
    }

    private Bundle restore(Bundle now, Path previous) throws StepException {
        if (now != null) {
            try {
                replace(now, previous);
                return now;
            } catch (StepException e) {
                if (!control.isGivenUp(now)) {
                    throw e;
                }
            }
        }
        return control.installCopy(previous, "edge:" + symbolicName + ":" + System.nanoTime());
    }

    private Result removeAgain(Bundle now, String why) throws StepException {
        if (now == null) {
            return new Result(Outcome.FAILED, why + " It is not started any more after the next restart.");
        }
        control.uninstall(now);
        control.refresh(List.of(now));
        return new Result(Outcome.ROLLED_BACK, why);
    }
}
