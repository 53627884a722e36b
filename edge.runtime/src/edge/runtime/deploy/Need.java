// SPDX-License-Identifier: Apache-2.0
package edge.runtime.deploy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.framework.VersionRange;
import org.osgi.framework.namespace.BundleNamespace;
import org.osgi.framework.namespace.ExecutionEnvironmentNamespace;
import org.osgi.framework.namespace.HostNamespace;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.resource.Namespace;
import org.osgi.resource.Requirement;
import org.osgi.resource.Resource;

/**
 * Something that a bundle cannot do without, read from its manifest, so that it can be looked for before the bundle is
 * installed.
 *
 * @param words what is needed, to go behind "needs"
 * @param broader a filter for the same in any version; empty if there is no such thing
 */
record Need(String namespace, String filter, String words, String broader) implements Requirement {
    /** How every sentence about something missing begins. */
    static final String BEGINS = "It needs ";
    private static final Pattern JAVA = Pattern.compile("\\(version>?=([0-9.]+)\\)");

    /** All mandatory needs of a manifest that the bundle does not meet itself. */
    static List<Need> of(Function<String, String> manifest) {
        List<Need> needs = new ArrayList<>();
        Collection<String> own = new TreeSet<>();
        Headers.clauses(manifest.apply("Export-Package")).forEach(clause -> own.addAll(clause.paths()));
        for (Headers.Clause clause : Headers.clauses(manifest.apply("Import-Package"))) {
            if (!clause.isOptional()) {
                clause.paths().stream().filter(name -> !own.contains(name)).forEach(name -> needs.add(packageNeed(name, clause)));
            }
        }
        for (Headers.Clause clause : Headers.clauses(manifest.apply("Require-Bundle"))) {
            if (!clause.isOptional()) {
                clause.paths().forEach(name -> needs.add(bundleNeed(BundleNamespace.BUNDLE_NAMESPACE, name, clause)));
            }
        }
        for (Headers.Clause clause : Headers.clauses(manifest.apply("Fragment-Host"))) {
            clause.paths().forEach(name -> needs.add(bundleNeed(HostNamespace.HOST_NAMESPACE, name, clause)));
        }
        needs.addAll(capabilityNeeds(manifest));
        return needs;
    }

    private static Need packageNeed(String name, Headers.Clause clause) {
        String version = clause.attributes().get("version");
        String plain = "(" + PackageNamespace.PACKAGE_NAMESPACE + "=" + name + ")";
        return new Need(PackageNamespace.PACKAGE_NAMESPACE, withVersion(plain, "version", version),
            "the package " + name + (version == null ? "" : " in version " + version) + ", which no bundle offers", plain);
    }

    private static Need bundleNeed(String namespace, String name, Headers.Clause clause) {
        String version = clause.attributes().get("bundle-version");
        String plain = "(" + namespace + "=" + name + ")";
        return new Need(namespace, withVersion(plain, "bundle-version", version),
            "the bundle " + name + (version == null ? "" : " in version " + version) + ", which is not installed", plain);
    }

    private static String withVersion(String plain, String attribute, String version) {
        return version == null ? plain : "(&" + plain + new VersionRange(version).toFilterString(attribute) + ")";
    }

    private static List<Need> capabilityNeeds(Function<String, String> manifest) {
        Collection<String> own = new TreeSet<>();
        Headers.clauses(manifest.apply("Provide-Capability")).forEach(clause -> own.addAll(clause.paths()));
        List<Need> needs = new ArrayList<>();
        for (Headers.Clause clause : Headers.clauses(manifest.apply("Require-Capability"))) {
            String effective = clause.directives().getOrDefault(Namespace.REQUIREMENT_EFFECTIVE_DIRECTIVE, "resolve");
            String filter = clause.directives().get(Namespace.REQUIREMENT_FILTER_DIRECTIVE);
            String namespace = clause.paths().get(0);
            if (!clause.isOptional() && effective.equals("resolve") && !own.contains(namespace)) {
                needs.add(new Need(namespace, filter == null ? "(" + namespace + "=*)" : filter,
                    capabilityInWords(namespace, filter), ""));
            }
        }
        return needs;
    }

    private static String capabilityInWords(String namespace, String filter) {
        if (namespace.equals(ExecutionEnvironmentNamespace.EXECUTION_ENVIRONMENT_NAMESPACE) && filter != null) {
            Matcher version = JAVA.matcher(filter);
            if (version.find()) {
                return "Java " + version.group(1) + "; this gateway runs on Java " + Runtime.version().feature();
            }
        }
        return namespace + (filter == null ? "" : " " + filter) + ", which nobody offers";
    }

    /** What is missing in this framework, one sentence each. */
    static List<String> missing(Collection<Need> needs, FrameworkWiring framework) {
        List<String> missing = new ArrayList<>();
        for (Need need : needs) {
            if (framework.findProviders(need).isEmpty()) {
                missing.add(BEGINS + need.words() + need.offered(framework) + ".");
            }
        }
        return missing;
    }

    private String offered(FrameworkWiring framework) {
        if (broader.isEmpty() || broader.equals(filter)) {
            return "";
        }
        Collection<BundleCapability> others = framework.findProviders(new Need(namespace, broader, words, ""));
        Collection<String> offers = new TreeSet<>();
        String attribute = namespace.equals(PackageNamespace.PACKAGE_NAMESPACE) ? "version" : "bundle-version";
        others.forEach(other -> offers.add(other.getAttributes().get(attribute) + " by "
            + other.getRevision().getSymbolicName()));
        return offers.isEmpty() ? "" : " (there is " + String.join(", ", offers) + ")";
    }

    @Override
    public String getNamespace() {
        return namespace;
    }

    @Override
    public Map<String, String> getDirectives() {
        return Map.of(Namespace.REQUIREMENT_FILTER_DIRECTIVE, filter);
    }

    @Override
    public Map<String, Object> getAttributes() {
        return Map.of();
    }

    @Override
    public Resource getResource() {
        return null;
    }
}
