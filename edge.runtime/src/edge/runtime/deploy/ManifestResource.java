// SPDX-License-Identifier: Apache-2.0
package edge.runtime.deploy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;
import org.osgi.framework.namespace.BundleNamespace;
import org.osgi.framework.namespace.HostNamespace;
import org.osgi.framework.namespace.IdentityNamespace;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.resource.Capability;
import org.osgi.resource.Requirement;
import org.osgi.resource.Resource;

/** What a bundle offers and needs, read from its manifest, so that the resolver can be asked before it is installed. */
final class ManifestResource implements Resource {
    private final String symbolicName;
    private final Version version;
    private final List<Capability> capabilities = new ArrayList<>();
    private final List<ManifestRequirement> requirements = new ArrayList<>();

    /** @throws IllegalArgumentException if a header cannot be read */
    ManifestResource(Function<String, String> manifest) {
        Headers.Clause name = Headers.clauses(manifest.apply("Bundle-SymbolicName")).stream().findFirst()
            .orElseThrow(() -> new IllegalArgumentException("there is no Bundle-SymbolicName"));
        this.symbolicName = name.paths().get(0);
        this.version = Version.parseVersion(manifest.apply("Bundle-Version"));
        Optional<Headers.Clause> host = Headers.clauses(manifest.apply("Fragment-Host")).stream().findFirst();
        identity(name, host.isPresent());
        exports(manifest.apply("Export-Package"));
        provided(manifest.apply("Provide-Capability"));
        host.ifPresent(clause -> requirements.add(ManifestRequirement.bundle(this, HostNamespace.HOST_NAMESPACE,
            clause.paths().get(0), clause)));
        for (Headers.Clause clause : Headers.clauses(manifest.apply("Import-Package"))) {
            clause.paths().forEach(path -> requirements.add(ManifestRequirement.aPackage(this, path, clause)));
        }
        for (Headers.Clause clause : Headers.clauses(manifest.apply("Require-Bundle"))) {
            clause.paths().forEach(path -> requirements.add(
                ManifestRequirement.bundle(this, BundleNamespace.BUNDLE_NAMESPACE, path, clause)));
        }
        for (Headers.Clause clause : Headers.clauses(manifest.apply("Require-Capability"))) {
            clause.paths().forEach(path -> requirements.add(ManifestRequirement.capability(this, path, clause)));
        }
    }

    String symbolicName() {
        return symbolicName;
    }

    Version version() {
        return version;
    }

    boolean isFragment() {
        return requirements.stream().anyMatch(need -> need.getNamespace().equals(HostNamespace.HOST_NAMESPACE));
    }

    List<ManifestRequirement> needs() {
        return requirements;
    }

    List<String> packages() {
        return capabilities.stream().filter(one -> one.getNamespace().equals(PackageNamespace.PACKAGE_NAMESPACE))
            .map(one -> (String) one.getAttributes().get(PackageNamespace.PACKAGE_NAMESPACE)).toList();
    }

    private void identity(Headers.Clause name, boolean fragment) {
        Map<String, String> directives = new LinkedHashMap<>(name.directives());
        add(IdentityNamespace.IDENTITY_NAMESPACE, Map.of(IdentityNamespace.IDENTITY_NAMESPACE, symbolicName,
            IdentityNamespace.CAPABILITY_VERSION_ATTRIBUTE, version, IdentityNamespace.CAPABILITY_TYPE_ATTRIBUTE,
            fragment ? IdentityNamespace.TYPE_FRAGMENT : IdentityNamespace.TYPE_BUNDLE), directives);
        if (!fragment) {
            Map<String, Object> attributes = new LinkedHashMap<>(name.attributes());
            attributes.put(Constants.BUNDLE_VERSION_ATTRIBUTE, version);
            for (String namespace : List.of(BundleNamespace.BUNDLE_NAMESPACE, HostNamespace.HOST_NAMESPACE)) {
                Map<String, Object> named = new LinkedHashMap<>(attributes);
                named.put(namespace, symbolicName);
                add(namespace, named, directives);
            }
        }
    }

    private void exports(String header) {
        for (Headers.Clause clause : Headers.clauses(header)) {
            for (String path : clause.paths()) {
                Map<String, Object> attributes = new LinkedHashMap<>(clause.attributes());
                attributes.put(PackageNamespace.PACKAGE_NAMESPACE, path);
                attributes.put(Constants.VERSION_ATTRIBUTE, Version.parseVersion(clause.attributes().get("version")));
                attributes.put(Constants.BUNDLE_SYMBOLICNAME_ATTRIBUTE, symbolicName);
                attributes.put(Constants.BUNDLE_VERSION_ATTRIBUTE, version);
                add(PackageNamespace.PACKAGE_NAMESPACE, attributes, clause.directives());
            }
        }
    }

    private void provided(String header) {
        for (Headers.Clause clause : Headers.clauses(header)) {
            clause.paths().forEach(path -> add(path, clause.typed(), clause.directives()));
        }
    }

    private void add(String namespace, Map<String, Object> attributes, Map<String, String> directives) {
        capabilities.add(new Offer(this, namespace, Map.copyOf(attributes), Map.copyOf(directives)));
    }

    private record Offer(ManifestResource owner, String namespace, Map<String, Object> attributes,
                         Map<String, String> directives) implements Capability {

        @Override
        public String getNamespace() {
            return namespace;
        }

        @Override
        public Map<String, String> getDirectives() {
            return directives;
        }

        @Override
        public Map<String, Object> getAttributes() {
            return attributes;
        }

        @Override
        public Resource getResource() {
            return owner;
        }

        /** By identity of the owner: it would describe itself for ever. */
        @Override
        public String toString() {
            return namespace + attributes;
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    @Override
    public List<Capability> getCapabilities(String namespace) {
        return capabilities.stream().filter(one -> namespace == null || one.getNamespace().equals(namespace)).toList();
    }

    @Override
    public List<Requirement> getRequirements(String namespace) {
        return requirements.stream().filter(one -> namespace == null || one.getNamespace().equals(namespace))
            .map(Requirement.class::cast).toList();
    }

    @Override
    public String toString() {
        return symbolicName + " " + version;
    }
}
