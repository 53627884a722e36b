// SPDX-License-Identifier: Apache-2.0
package edge.runtime.deploy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.osgi.framework.Bundle;
import org.osgi.framework.Version;
import org.osgi.framework.namespace.IdentityNamespace;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.BundleWire;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.resource.Capability;
import org.osgi.resource.Requirement;
import org.osgi.resource.Resource;
import org.osgi.resource.Wire;
import org.osgi.resource.Wiring;
import org.osgi.service.resolver.HostedCapability;
import org.osgi.service.resolver.ResolutionException;
import org.osgi.service.resolver.ResolveContext;
import org.osgi.service.resolver.Resolver;

/**
 * The framework as it would be: some bundles gone or replaced, others new. Asks the framework's own resolver whether that
 * would hold together, and how; the real one is not touched.
 */
final class Shadow extends ResolveContext {
    private static final int ASKED = 64;

    private final Resolver resolver;
    private final List<Resource> all = new ArrayList<>();
    private final Map<Resource, Wiring> wirings = new HashMap<>();
    private final Map<String, ManifestResource> fresh = new TreeMap<>();
    private final Map<String, Bundle> again = new TreeMap<>();
    private Collection<Resource> mandatory = List.of();

    /**
     * @param bundles all that are installed
     * @param gone those that will be replaced or removed
     * @param closure those that will be wired anew because they use what is gone
     * @param fresh what comes
     */
    Shadow(Resolver resolver, Collection<Bundle> bundles, Collection<Bundle> gone, Collection<Bundle> closure,
           Collection<ManifestResource> fresh) {
        this.resolver = resolver;
        for (Bundle bundle : bundles) {
            BundleRevision revision = bundle.adapt(BundleRevision.class);
            if (revision == null || gone.contains(bundle)) {
                continue;
            }
            all.add(revision);
            BundleWiring wiring = bundle.adapt(BundleWiring.class);
            if (wiring != null && closure.contains(bundle)) {
                again.put(bundle.getSymbolicName(), bundle);
            } else if (wiring != null) {
                wirings.put(revision, wiring);
            }
        }
        fresh.forEach(one -> this.fresh.put(one.symbolicName(), one));
        all.addAll(fresh);
    }

    /** The framework as it is. */
    static Shadow ofNow(Collection<Bundle> bundles) {
        return new Shadow(null, bundles, Set.of(), Set.of(), List.of());
    }

    /**
     * What would be wired to what.
     *
     * @param wires by the symbolic name of whoever needs: what, and who gives it
     * @param problems why something cannot be resolved, by symbolic name; empty if all can
     */
    record Answer(Map<String, Map<String, String>> wires, Map<String, String> problems) {
    }

    Answer ask() {
        Map<String, String> problems = new TreeMap<>();
        Map<String, Map<String, String>> wires = new TreeMap<>();
        Set<Resource> good = new HashSet<>();
        // All together first: one question answers what is almost always the case.
        mandatory = new ArrayList<>(fresh.values());
        again.values().forEach(bundle -> mandatory.add(bundle.adapt(BundleRevision.class)));
        if (!resolve(wires).isEmpty()) {
            wires.clear();
            // Then one by one, to know who it is; bounded, because it is for people.
            for (Resource one : mandatory.stream().limit(ASKED).toList()) {
                mandatory = List.of(one);
                String why = resolve(wires);
                if (why.isEmpty()) {
                    good.add(one);
                } else {
                    problems.put(ManifestRequirement.name(one), why);
                }
            }
            if (problems.isEmpty()) {
                mandatory = good;
                problems.put(fresh.isEmpty() ? again.keySet().iterator().next() : fresh.keySet().iterator().next(),
                    resolve(new TreeMap<>()));
            }
        }
        return new Answer(wires, problems);
    }

    private String resolve(Map<String, Map<String, String>> wires) {
        try {
            resolver.resolve(this).forEach((resource, list) -> wires.put(ManifestRequirement.name(resource), providers(list)));
            return "";
        } catch (ResolutionException e) {
            return Wording.unresolved(e.getMessage());
        }
    }

    private static Map<String, String> providers(Collection<? extends Wire> wires) {
        Map<String, String> providers = new LinkedHashMap<>();
        for (Wire wire : wires) {
            Object what = wire.getCapability().getAttributes().get(wire.getCapability().getNamespace());
            if (what != null && !wire.getCapability().getNamespace().equals(IdentityNamespace.IDENTITY_NAMESPACE)) {
                providers.put(what.toString(), described(wire.getProvider()));
            }
        }
        return providers;
    }

    /** Who gives what to a bundle now, in the form of {@link Answer#wires}. */
    static Map<String, String> wiresNow(Bundle bundle) {
        BundleWiring wiring = bundle.adapt(BundleWiring.class);
        List<BundleWire> wires = wiring == null ? List.of() : wiring.getRequiredWires(null);
        return providers(wires == null ? List.of() : wires);
    }

    static String described(Resource resource) {
        List<Capability> identities = resource.getCapabilities(IdentityNamespace.IDENTITY_NAMESPACE);
        return identities.isEmpty() ? resource.toString() : ManifestRequirement.name(resource) + " "
            + identities.get(0).getAttributes().get(IdentityNamespace.CAPABILITY_VERSION_ATTRIBUTE);
    }

    List<Capability> offers(String namespace, String filter) {
        List<Capability> found = new ArrayList<>();
        for (Resource resource : all) {
            for (Capability offer : capabilities(resource, namespace)) {
                if (ManifestRequirement.matches(offer, filter)) {
                    found.add(offer);
                }
            }
        }
        return found;
    }

    private List<Capability> capabilities(Resource resource, String namespace) {
        Wiring wiring = wirings.get(resource);
        return wiring == null ? resource.getCapabilities(namespace) : wiring.getResourceCapabilities(namespace);
    }

    @Override
    public List<Capability> findProviders(Requirement requirement) {
        List<Capability> found = new ArrayList<>();
        for (Resource resource : all) {
            for (Capability offer : capabilities(resource, requirement.getNamespace())) {
                if (ManifestRequirement.matches(offer, requirement)) {
                    found.add(offer);
                }
            }
        }
        // As the framework prefers: what is wired already, then the higher version, then what has been there longer.
        found.sort(Comparator.comparing((Capability offer) -> !wirings.containsKey(offer.getResource()))
            .thenComparing(Shadow::version, Comparator.reverseOrder()));
        return found;
    }

    private static Version version(Capability offer) {
        Object version = offer.getAttributes().getOrDefault("version", offer.getAttributes().get("bundle-version"));
        return version instanceof Version one ? one : Version.emptyVersion;
    }

    @Override
    public Collection<Resource> getMandatoryResources() {
        return mandatory;
    }

    @Override
    public int insertHostedCapability(List<Capability> capabilities, HostedCapability hosted) {
        capabilities.add(hosted);
        return capabilities.size() - 1;
    }

    @Override
    public boolean isEffective(Requirement requirement) {
        return ManifestRequirement.isEffective(requirement);
    }

    @Override
    public Map<Resource, Wiring> getWirings() {
        return wirings;
    }
}
