// SPDX-License-Identifier: Apache-2.0
package edge.runtime.deploy;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.VersionRange;
import org.osgi.framework.namespace.BundleNamespace;
import org.osgi.framework.namespace.ExecutionEnvironmentNamespace;
import org.osgi.framework.namespace.IdentityNamespace;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.resource.Capability;
import org.osgi.resource.Namespace;
import org.osgi.resource.Requirement;
import org.osgi.resource.Resource;

/** Something that a bundle says in its manifest that it needs. By identity. */
final class ManifestRequirement implements Requirement {
    /** How every sentence about something missing begins. */
    static final String BEGINS = "It needs ";
    private static final Pattern JAVA = Pattern.compile("\\(version>?=([0-9.]+)\\)");

    private final ManifestResource resource;
    private final String namespace;
    private final Map<String, String> directives;
    private final String words;
    private final String broader;

    /**
     * @param words what is needed, to go behind "needs"
     * @param broader a filter for the same in any version; empty if there is no such thing
     */
    private ManifestRequirement(ManifestResource resource, String namespace, String filter, Headers.Clause clause,
                                String words, String broader) {
        this.resource = resource;
        this.namespace = namespace;
        this.words = words;
        this.broader = broader;
        Map<String, String> all = new LinkedHashMap<>(clause.directives());
        if (filter != null) {
            checkFilter(filter);
            all.put(Namespace.REQUIREMENT_FILTER_DIRECTIVE, filter);
        }
        this.directives = Map.copyOf(all);
    }

    private static void checkFilter(String filter) {
        try {
            FrameworkUtil.createFilter(filter);
        } catch (InvalidSyntaxException e) {
            throw new IllegalArgumentException("the filter " + filter + " is malformed", e);
        }
    }

    static ManifestRequirement aPackage(ManifestResource resource, String name, Headers.Clause clause) {
        String version = clause.attributes().get("version");
        String plain = "(" + PackageNamespace.PACKAGE_NAMESPACE + "=" + name + ")";
        return new ManifestRequirement(resource, PackageNamespace.PACKAGE_NAMESPACE, filter(plain, clause), clause,
            "the package " + name + (version == null ? "" : " in version " + version) + ", which no bundle offers", plain);
    }

    static ManifestRequirement bundle(ManifestResource resource, String namespace, String name, Headers.Clause clause) {
        String version = clause.attributes().get("bundle-version");
        String plain = "(" + namespace + "=" + name + ")";
        return new ManifestRequirement(resource, namespace, filter(plain, clause), clause,
            "the bundle " + name + (version == null ? "" : " in version " + version) + ", which is not installed", plain);
    }

    static ManifestRequirement capability(ManifestResource resource, String namespace, Headers.Clause clause) {
        String filter = clause.directives().get(Namespace.REQUIREMENT_FILTER_DIRECTIVE);
        return new ManifestRequirement(resource, namespace, filter, clause, inWords(namespace, filter), "");
    }

    private static String filter(String plain, Headers.Clause clause) {
        StringBuilder filter = new StringBuilder(plain);
        clause.attributes().forEach((name, value) -> {
            boolean version = name.equals(Constants.VERSION_ATTRIBUTE) || name.equals(Constants.BUNDLE_VERSION_ATTRIBUTE);
            filter.append(version ? new VersionRange(value).toFilterString(name) : "(" + name + "=" + value + ")");
        });
        return clause.attributes().isEmpty() ? plain : "(&" + filter + ")";
    }

    private static String inWords(String namespace, String filter) {
        if (namespace.equals(ExecutionEnvironmentNamespace.EXECUTION_ENVIRONMENT_NAMESPACE) && filter != null) {
            Matcher version = JAVA.matcher(filter);
            if (version.find()) {
                return "Java " + version.group(1) + "; this gateway runs on Java " + Runtime.version().feature();
            }
        }
        return namespace + (filter == null ? "" : " " + filter) + ", which nobody offers";
    }

    boolean isMandatory() {
        return !Namespace.RESOLUTION_OPTIONAL.equals(directives.get(Namespace.REQUIREMENT_RESOLUTION_DIRECTIVE))
            && !"dynamic".equals(directives.get(Namespace.REQUIREMENT_RESOLUTION_DIRECTIVE)) && isEffective(this);
    }

    static boolean isEffective(Requirement requirement) {
        String effective = requirement.getDirectives().get(Namespace.REQUIREMENT_EFFECTIVE_DIRECTIVE);
        return effective == null || effective.equals(Namespace.EFFECTIVE_RESOLVE);
    }

    /** A sentence that says that this is missing. */
    String missing(Shadow shadow) {
        Collection<String> offers = new TreeSet<>();
        String version = namespace.equals(PackageNamespace.PACKAGE_NAMESPACE) ? "version" : "bundle-version";
        if (!broader.isEmpty() && !broader.equals(directives.get(Namespace.REQUIREMENT_FILTER_DIRECTIVE))) {
            for (Capability other : shadow.offers(namespace, broader)) {
                offers.add(other.getAttributes().get(version) + " by " + name(other.getResource()));
            }
        }
        return BEGINS + words + (offers.isEmpty() ? "" : " (there is " + String.join(", ", offers) + ")") + ".";
    }

    static String name(Resource resource) {
        List<Capability> identities = resource.getCapabilities(IdentityNamespace.IDENTITY_NAMESPACE);
        return identities.isEmpty() ? resource.toString()
            : (String) identities.get(0).getAttributes().get(IdentityNamespace.IDENTITY_NAMESPACE);
    }

    static boolean matches(Capability capability, Requirement requirement) {
        return capability.getNamespace().equals(requirement.getNamespace())
            && matches(capability, requirement.getDirectives().get(Namespace.REQUIREMENT_FILTER_DIRECTIVE))
            && (!requirement.getNamespace().equals(PackageNamespace.PACKAGE_NAMESPACE)
                && !requirement.getNamespace().equals(BundleNamespace.BUNDLE_NAMESPACE)
                || names(requirement, capability.getDirectives().get(PackageNamespace.CAPABILITY_MANDATORY_DIRECTIVE)));
    }

    static boolean matches(Capability capability, String filter) {
        try {
            return filter == null || FrameworkUtil.createFilter(filter).matches(capability.getAttributes());
        } catch (InvalidSyntaxException e) {
            return false;
        }
    }

    /** Whether the requirement names every attribute that the provider insists on (OSGi Core 3.7.7). */
    private static boolean names(Requirement requirement, String mandatory) {
        String filter = requirement.getDirectives().getOrDefault(Namespace.REQUIREMENT_FILTER_DIRECTIVE, "");
        if (mandatory != null) {
            for (String attribute : mandatory.split(",")) {
                if (!filter.contains("(" + attribute.trim())) {
                    return false;
                }
            }
        }
        return true;
    }

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
        return Map.of();
    }

    @Override
    public Resource getResource() {
        return resource;
    }

    @Override
    public String toString() {
        return words;
    }
}
