// SPDX-License-Identifier: Apache-2.0
package edge.runtime.deploy;

import edge.api.config.Problem;
import edge.api.deploy.BundleState.Origin;
import edge.api.deploy.Change;
import edge.api.deploy.DeploymentPlan.Effect;
import edge.api.deploy.DeploymentRequest;
import edge.api.trust.TrustPolicy;
import edge.api.trust.Verdict;
import edge.runtime.base.DataDirectory;
import edge.runtime.deploy.Draft.Part;
import edge.runtime.desired.DesiredState;
import edge.runtime.generation.BundleSet;
import edge.runtime.generation.GenerationStore;
import edge.runtime.generation.Kept;
import edge.runtime.trust.Trust;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.osgi.framework.Bundle;

/** Reads requests: verifies the jars, and finds out what each change means for the gateway as it is. Touches nothing. */
final class Drafter {
    private final BundleControl control;
    private final ImageBundles image;
    private final Guard guard;
    private final JarCheck check;
    private final DesiredState configurations;
    private final GenerationStore generations;
    private final Trust trust;

    Drafter(BundleControl control, ImageBundles image, Guard guard, JarCheck check, DesiredState configurations,
            GenerationStore generations, Trust trust) {
        this.control = control;
        this.image = image;
        this.guard = guard;
        this.check = check;
        this.configurations = configurations;
        this.generations = generations;
        this.trust = trust;
    }

    Draft draft(DeploymentRequest request) {
        Draft draft = new Draft(words(request.changes()), generations.current().bundles());
        for (Change change : request.changes()) {
            if (change instanceof Change.Install install) {
                install(draft, install, request.allowDowngrade());
            } else if (change instanceof Change.Start start) {
                start(draft, start.symbolicName());
            } else if (change instanceof Change.Stop stop) {
                stop(draft, stop.symbolicName());
            } else if (change instanceof Change.Uninstall uninstall) {
                uninstall(draft, uninstall.symbolicName());
            } else if (change instanceof Change.Configure configure) {
                configure(draft, configure);
            } else if (change instanceof Change.Unconfigure unconfigure) {
                unconfigure(draft, unconfigure.pid());
            }
        }
        return draft;
    }

    static String words(List<Change> changes) {
        return changes.stream().map(Drafter::words).collect(Collectors.joining(", "));
    }

    private static String words(Change change) {
        if (change instanceof Change.Install install) {
            return "install " + install.jar().getFileName() + " from " + install.source();
        } else if (change instanceof Change.Fetch fetch) {
            return "install " + fetch.from();
        } else if (change instanceof Change.Start start) {
            return "start " + start.symbolicName();
        } else if (change instanceof Change.Stop stop) {
            return "stop " + stop.symbolicName();
        } else if (change instanceof Change.Uninstall uninstall) {
            return "uninstall " + uninstall.symbolicName();
        } else if (change instanceof Change.Configure configure) {
            return "configure " + configure.pid();
        }
        return "delete the configuration " + ((Change.Unconfigure) change).pid();
    }

    // --------------------------------------------------------------------------------------------------------- bundles

    private void install(Draft draft, Change.Install install, boolean allowDowngrade) {
        JarFacts facts;
        try {
            facts = check.check(install.jar());
        } catch (JarCheck.RejectedException e) {
            draft.problem(e.getMessage());
            return;
        }
        String name = facts.symbolicName();
        Bundle current = control.find(name);
        if (guard.isSystem(name) || isSystem(current)) {
            draft.problem(name + " is part of the system: it is changed only with the product image.");
            return;
        }
        facts.fragmentHost().ifPresent(host -> {
            if (guard.isSystem(host) || isSystem(control.find(host))) {
                draft.problem("It is a fragment of " + host + ", which is part of the system and cannot be extended.");
            }
        });
        guard.reserved(facts.resource().packages()).ifPresent(reserved -> draft.problem("It offers the package " + reserved
            + ", which belongs to the product: rename it, or import it instead of exporting it."));
        if (current != null && facts.version().compareTo(current.getVersion()) < 0 && !allowDowngrade) {
            draft.problem(name + " " + facts.version() + " is older than " + current.getVersion()
                + ", which is installed: roll back to a kept generation, or allow the downgrade.");
        }
        if (current != null && jarInUse(name).isEmpty()) {
            draft.problem("The jar of the version that runs cannot be found, so it could not be restored.");
        }
        askForSigner(draft, name, install.jar());
        draft.add(new Part(name, current == null ? Effect.INSTALLED : Effect.UPDATED, Optional.of(install.jar()),
            Optional.of(facts), true), draft.wanted().with(new BundleSet.Deployed(name, facts.version().toString(),
                facts.sha256(), install.source())).stopped(name, false));
    }

    private void askForSigner(Draft draft, String name, Path jar) {
        if (trust.policy() == TrustPolicy.OFF) {
            return;
        }
        try {
            Verdict verdict = trust.verify(jar);
            Optional<String> refusal = trust.refusal(verdict);
            if (refusal.isPresent()) {
                draft.problem(name + " is not let in: " + refusal.get());
            } else {
                draft.remark(name + ": " + verdict.sentence());
            }
        } catch (IOException e) {
            draft.problem("The signature of " + name + " cannot be read: " + DataDirectory.reason(e) + ".");
        }
    }

    private boolean isSystem(Bundle bundle) {
        return bundle != null && guard.origin(bundle, generations.current().bundles()) == Origin.SYSTEM;
    }

    private Optional<Bundle> existing(Draft draft, String name) {
        Bundle bundle = control.find(name);
        if (bundle == null) {
            draft.problem("There is no bundle " + name + ".");
        } else if (isSystem(bundle)) {
            draft.problem(name + " is part of the system: it is changed only with the product image.");
        } else if (BundleControl.isFragment(bundle)) {
            draft.problem(name + " is a fragment: it runs with its host and is not started or stopped by itself.");
        } else {
            return Optional.of(bundle);
        }
        return Optional.empty();
    }

    private void start(Draft draft, String name) {
        if (existing(draft, name).isPresent()) {
            draft.wanted().find(name).ifPresent(deployed -> askForSigner(draft, name, generations.jar(deployed.sha256())));
            draft.add(new Part(name, Effect.STARTED, Optional.empty(), Optional.empty(), true),
                draft.wanted().stopped(name, false));
        }
    }

    private void stop(Draft draft, String name) {
        if (guard.isConsole(name)) {
            draft.problem("The console runs in " + name + ": nobody could start it again from afar. Update it instead.");
        } else if (existing(draft, name).isPresent()) {
            draft.add(new Part(name, Effect.STOPPED, Optional.empty(), Optional.empty(), false),
                draft.wanted().stopped(name, true));
        }
    }

    private void uninstall(Draft draft, String name) {
        Bundle bundle = control.find(name);
        if (bundle == null) {
            draft.problem("There is no bundle " + name + ".");
        } else if (draft.wanted().find(name).isEmpty()) {
            draft.problem(name + " was not deployed into this gateway, it belongs to the image: it can be stopped, not"
                + " uninstalled.");
        } else {
            draft.add(removed(draft, name), image.find(name).isPresent() ? draft.wanted().without(name)
                : draft.wanted().without(name).stopped(name, false));
        }
    }

    /** A deployed bundle goes; if the image has one of that name, that one comes back. */
    private Part removed(Draft draft, String name) {
        Optional<Path> fallback = image.find(name);
        if (fallback.isEmpty()) {
            return new Part(name, Effect.UNINSTALLED, Optional.empty(), Optional.empty(), false);
        }
        return new Part(name, Effect.UPDATED, fallback, facts(draft, fallback.get()), !draft.wanted().isStopped(name));
    }

    private Optional<JarFacts> facts(Draft draft, Path jar) {
        try {
            return Optional.of(check.check(jar));
        } catch (JarCheck.RejectedException e) {
            draft.problem(jar.getFileName() + ": " + e.getMessage());
            return Optional.empty();
        }
    }

    /** The jar of the bundle that is in use, if it still exists. */
    Optional<Path> jarInUse(String name) {
        Optional<Path> jar = generations.current().bundles().find(name).map(one -> generations.jar(one.sha256()))
            .or(() -> image.find(name));
        Bundle bundle = control.find(name);
        if (jar.isEmpty() && bundle != null) {
            jar = BundleControl.jarOf(bundle);
        }
        return jar.filter(Files::exists);
    }

    // -------------------------------------------------------------------------------------------------- configurations

    private void configure(Draft draft, Change.Configure configure) {
        String pid = configure.pid();
        Optional<String> now = configurations.disk(pid);
        if (configure.expectedEtag().isPresent()
            && !configure.expectedEtag().get().equals(now.map(configurations::etag).orElse(""))) {
            draft.problem("The configuration " + pid + " has been changed meanwhile: read it again.");
        }
        DesiredState.Prepared prepared = configurations.prepare(pid, configure.text());
        for (Problem problem : prepared.problems()) {
            draft.problem("The configuration " + pid + " is wrong: " + problem + ".");
        }
        draft.configure(pid, Optional.of(prepared.disk()));
    }

    private void unconfigure(Draft draft, String pid) {
        if (configurations.disk(pid).isEmpty()) {
            draft.problem("There is no configuration " + pid + ".");
        }
        draft.configure(pid, Optional.empty());
    }

    // -------------------------------------------------------------------------------------------------------- rollback

    /** What it takes to have a kept generation in force again. */
    Draft back(Kept to) {
        BundleSet now = generations.current().bundles();
        BundleSet then = to.bundles();
        Draft draft = new Draft("go back to generation " + to.number(), now);
        Set<String> names = new TreeSet<>(now.deployed().keySet());
        names.addAll(then.deployed().keySet());
        names.addAll(now.stopped());
        names.addAll(then.stopped());
        for (String name : names) {
            back(draft, name, now, then);
        }
        draft.wanted(then);
        try {
            backConfigurations(draft, generations.configurations(to.number()));
        } catch (IOException e) {
            draft.problem("Its configurations cannot be read: " + DataDirectory.reason(e) + ".");
        }
        return draft;
    }

    private void back(Draft draft, String name, BundleSet now, BundleSet then) {
        Optional<String> before = now.find(name).map(BundleSet.Deployed::sha256);
        Optional<String> after = then.find(name).map(BundleSet.Deployed::sha256);
        boolean run = !then.isStopped(name);
        Bundle current = control.find(name);
        if (after.isPresent() && !after.equals(before)) {
            Path jar = generations.jar(after.get());
            askForSigner(draft, name, jar);
            draft.add(new Part(name, current == null ? Effect.INSTALLED : Effect.UPDATED, Optional.of(jar),
                facts(draft, jar), run), draft.wanted());
        } else if (after.isEmpty() && before.isPresent()) {
            Part part = removed(draft, name);
            draft.add(new Part(name, part.effect(), part.jar(), part.facts(), part.isThere() && run), draft.wanted());
        } else if (now.isStopped(name) == run && current != null) {
            draft.add(new Part(name, run ? Effect.STARTED : Effect.STOPPED, Optional.empty(), Optional.empty(), run),
                draft.wanted());
        }
    }

    private void backConfigurations(Draft draft, Map<String, String> files) {
        Map<String, String> wanted = new TreeMap<>();
        files.forEach((file, bytes) -> configurations.pid(file).ifPresent(pid -> wanted.put(pid, decoded(bytes))));
        Set<String> pids = new TreeSet<>(wanted.keySet());
        pids.addAll(configurations.pids());
        for (String pid : pids) {
            Optional<String> then = Optional.ofNullable(wanted.get(pid));
            if (!then.equals(configurations.disk(pid))) {
                draft.configure(pid, then);
            }
        }
    }

    /** A kept file's text: its bytes come one char each. */
    static String decoded(String bytes) {
        return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
}
