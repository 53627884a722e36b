// SPDX-License-Identifier: Apache-2.0
package edge.runtime.deploy;

import edge.api.deploy.BundleState.Origin;
import edge.api.deploy.DeploymentPlan;
import edge.api.deploy.DeploymentPlan.BundleChange;
import edge.api.deploy.DeploymentPlan.ConfigurationChange;
import edge.api.deploy.DeploymentPlan.Effect;
import edge.api.deploy.DeploymentPlan.Missing;
import edge.api.deploy.DeploymentPlan.Pause;
import edge.api.deploy.DeploymentPlan.Rewiring;
import edge.api.device.DeviceState;
import edge.api.device.TagTable;
import edge.runtime.deploy.Draft.Part;
import edge.runtime.desired.DesiredState;
import edge.runtime.generation.GenerationStore;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.osgi.framework.Bundle;
import org.osgi.framework.Version;
import org.osgi.service.resolver.Resolver;

/** Tells what a draft would do, by asking the framework's resolver in the shadow. Touches nothing. Any thread. */
final class Planner {
    private final BundleControl control;
    private final Guard guard;
    private final GenerationStore generations;
    private final DesiredState configurations;
    private final Resolver resolver;
    private final KnownBundles known;
    private final TagTable devices;
    private final boolean supervised;

    /** @param supervised whether the gateway can be restarted */
    Planner(BundleControl control, Guard guard, GenerationStore generations, DesiredState configurations, Resolver resolver,
            KnownBundles known, TagTable devices, boolean supervised) {
        this.control = control;
        this.guard = guard;
        this.generations = generations;
        this.configurations = configurations;
        this.resolver = resolver;
        this.known = known;
        this.devices = devices;
        this.supervised = supervised;
    }

    DeploymentPlan plan(Draft draft) {
        return new Look(draft).plan();
    }

    /** The bundles whose packages are taken from these: they are restarted with them. */
    static Collection<Bundle> closure(BundleControl control, Collection<Bundle> gone) {
        Set<Bundle> closure = new LinkedHashSet<>(gone.isEmpty() ? Set.of() : control.wiring().getDependencyClosure(gone));
        closure.removeAll(gone);
        return closure;
    }

    /** One look at one draft. */
    private final class Look {
        private final Draft draft;
        private final List<String> problems;
        private final List<String> effects = new ArrayList<>();
        private final List<BundleChange> changes = new ArrayList<>();
        private final List<Rewiring> rewirings = new ArrayList<>();
        private final List<Missing> missing = new ArrayList<>();
        private final Set<String> pausing = new TreeSet<>();
        private boolean restart;

        private Look(Draft draft) {
            this.draft = draft;
            this.problems = new ArrayList<>(draft.problems());
        }

        private DeploymentPlan plan() {
            Set<Bundle> gone = new LinkedHashSet<>();
            for (Part part : draft.parts()) {
                Bundle bundle = control.find(part.symbolicName());
                if (bundle != null && part.changesCode()) {
                    gone.add(bundle);
                }
                tell(part, bundle);
            }
            effects.addAll(draft.remarks());
            Collection<Bundle> closure = closure(control, gone);
            restarts(closure, gone);
            if (problems.isEmpty()) {
                resolve(gone, closure);
            }
            List<Pause> pauses = pauses();
            List<ConfigurationChange> configurationChanges = configurationChanges();
            if (restart) {
                effects.add("Restarts the whole gateway: native libraries are replaced only with the process.");
                if (!supervised) {
                    problems.add("The gateway would have to be restarted, and nobody would start it again: start it with"
                        + " bin/edge-gateway.");
                }
            }
            draft.confirmation().ifPresent(this::confirm);
            boolean possible = problems.isEmpty();
            return new DeploymentPlan(possible ? effects : List.of(), problems, possible ? changes : List.of(),
                possible ? rewirings : List.of(), possible ? pauses : List.of(), configurationChanges, missing, restart);
        }

        private void confirm(Confirmation confirmation) {
            if (!restart) {
                effects.add(confirmation.words());
            } else if (confirmation.why().isEmpty()) {
                problems.add("It restarts the gateway and cannot await a confirmation: the set before comes back by itself if"
                    + " the new one does not start. Send it without confirmWithin.");
            }
        }

        private void tell(Part part, Bundle bundle) {
            String name = part.symbolicName();
            String from = bundle == null ? "" : bundle.getVersion().toString();
            Optional<JarFacts> facts = part.facts();
            String to = part.effect() == Effect.UNINSTALLED ? "" : facts.map(one -> one.version().toString()).orElse(from);
            boolean nativeCode = facts.map(JarFacts::nativeCode).orElse(false);
            changes.add(new BundleChange(name, part.effect(), from, to, nativeCode));
            switch (part.effect()) {
                case INSTALLED -> effects.add("Installs " + name + " " + to + (part.run() ? " and starts it." : "."));
                case UPDATED -> effects.add("Replaces " + name + " " + from + " by " + kind(from, to)
                    + ": stops it, updates it, starts it.");
                case STARTED -> effects.add("Starts " + name + ".");
                case STOPPED -> effects.add("Stops " + name + ", also after a restart, until it is started again.");
                default -> effects.add("Removes " + name + " " + from + ".");
            }
            if (bundle != null && part.effect() != Effect.STARTED) {
                pausing.add(name);
            }
            restart |= part.effect() == Effect.UPDATED && (nativeCode || BundleControl.hasNativeCode(bundle))
                && bundle.getState() != Bundle.INSTALLED;
            restart |= part.effect() == Effect.INSTALLED && nativeCode && control.hasLeftNativeCode(name);
        }

        private String kind(String from, String to) {
            int order = Version.parseVersion(to).compareTo(Version.parseVersion(from));
            return order < 0 ? "the older " + to : order == 0 ? "another build of the same version" : to;
        }

        private void restarts(Collection<Bundle> closure, Collection<Bundle> gone) {
            Set<String> names = new TreeSet<>();
            for (Bundle user : closure) {
                if (guard.origin(user, generations.current().bundles()) == Origin.SYSTEM) {
                    problems.add(user.getSymbolicName() + " uses it and is part of the system: "
                        + String.join(", ", gone.stream().map(Bundle::getSymbolicName).toList())
                        + " is changed only with the product image.");
                }
                boolean runs = user.getState() == Bundle.ACTIVE || user.getState() == Bundle.STARTING;
                if (draft.part(user.getSymbolicName()).isEmpty()) {
                    if (runs) {
                        names.add(user.getSymbolicName());
                        pausing.add(user.getSymbolicName());
                    }
                    changes.add(new BundleChange(user.getSymbolicName(), runs ? Effect.RESTARTED : Effect.REWIRED, user.getVersion().toString(),
                        user.getVersion().toString(), BundleControl.hasNativeCode(user)));
                    restart |= BundleControl.hasNativeCode(user);
                }
            }
            if (!names.isEmpty()) {
                effects.add("Restarts " + String.join(", ", names) + ", which use its packages.");
            }
        }

        private void resolve(Collection<Bundle> gone, Collection<Bundle> closure) {
            List<ManifestResource> fresh = draft.parts().stream().map(Part::facts).flatMap(Optional::stream)
                .map(JarFacts::resource).toList();
            if (gone.isEmpty() && fresh.isEmpty()) {
                return;
            }
            Shadow shadow = new Shadow(resolver, control.all(), gone, closure, fresh);
            for (ManifestResource one : fresh) {
                for (ManifestRequirement need : one.needs()) {
                    if (need.isMandatory() && shadow.findProviders(need).isEmpty()) {
                        missing(one, need, shadow);
                    }
                }
            }
            if (problems.isEmpty()) {
                Shadow.Answer answer = shadow.ask();
                answer.problems().forEach((name, why) -> problems.add(
                    draft.part(name).isPresent() ? why : name + ", which uses it, would not work any more: " + why));
                rewire(answer.wires());
            }
        }

        private void missing(ManifestResource who, ManifestRequirement need, Shadow shadow) {
            List<String> providers = known.providers(need);
            String sentence = need.missing(shadow);
            missing.add(new Missing(who.symbolicName(), sentence, providers));
            problems.add(providers.isEmpty() ? sentence
                : sentence + " " + String.join(" or ", providers) + " would provide it: deploy it together with this.");
        }

        private void rewire(Map<String, Map<String, String>> wires) {
            for (BundleChange change : changes) {
                Bundle bundle = control.find(change.symbolicName());
                Map<String, String> now = bundle == null || change.effect() == Effect.INSTALLED ? Map.of()
                    : Shadow.wiresNow(bundle);
                new TreeMap<>(wires.getOrDefault(change.symbolicName(), Map.of())).forEach((what, to) -> {
                    String from = now.getOrDefault(what, "");
                    if (!Objects.equals(from, to)) {
                        rewirings.add(new Rewiring(change.symbolicName(), what, from, to));
                    }
                });
            }
        }

        private List<Pause> pauses() {
            List<Pause> pauses = new ArrayList<>();
            for (DeviceState device : devices.devices()) {
                if (restart || pausing.contains(device.info().driver()) || isReconfigured(device)) {
                    pauses.add(new Pause(device.info().name(), device.tags().size()));
                }
            }
            if (!pauses.isEmpty()) {
                effects.add("Pauses " + String.join(", ", pauses.stream().limit(8)
                    .map(pause -> pause.device() + " (" + pause.tags() + " tags)").toList())
                    + (pauses.size() > 8 ? " and " + (pauses.size() - 8) + " more devices." : "."));
            }
            return pauses;
        }

        /** A device takes its name from its configuration's. */
        private boolean isReconfigured(DeviceState device) {
            return draft.configurations().keySet().stream()
                .anyMatch(pid -> pid.equals(device.info().driver() + "~" + device.info().name()));
        }

        private List<ConfigurationChange> configurationChanges() {
            List<ConfigurationChange> all = new ArrayList<>();
            draft.configurations().forEach((pid, then) -> {
                String before = configurations.disk(pid).map(text -> configurations.masked(pid, text)).orElse("");
                String after = then.map(text -> configurations.masked(pid, text)).orElse("");
                all.add(new ConfigurationChange(pid, before, after, LineDiff.of(before, after)));
                effects.add((before.isEmpty() ? "Adds" : after.isEmpty() ? "Deletes" : "Changes") + " the configuration " + pid
                    + ".");
            });
            return all;
        }
    }
}
