// SPDX-License-Identifier: Apache-2.0
package edge.runtime.deploy;

import edge.api.deploy.BundleState.Origin;
import edge.runtime.generation.BundleSet;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.osgi.framework.Bundle;

/** Knows which bundles must not be touched. */
final class Guard {
    /** What carries everything else; the image's folder {@code system} adds to it. */
    private static final Set<String> SYSTEM = Set.of("edge.api", "edge.json", "edge.runtime", "edge.journal",
        "org.apache.felix.scr", "org.apache.felix.configadmin", "org.apache.felix.metatype",
        "com.fasterxml.jackson.core.jackson-core", "org.osgi.service.component", "org.osgi.util.promise",
        "org.osgi.util.function");
    /** Without these nobody could start them again from afar. */
    private static final List<String> CONSOLE = List.of("edge.web", "org.apache.felix.http");
    private static final List<String> RESERVED = List.of("edge.api", "edge.json", "edge.runtime", "edge.journal");

    private final String systemLocation;

    Guard(Path systemFolder) {
        this.systemLocation = systemFolder.toUri().getRawPath();
    }

    Origin origin(Bundle bundle, BundleSet desired) {
        String name = String.valueOf(bundle.getSymbolicName());
        if (bundle.getBundleId() == 0 || isSystem(name) || bundle.getLocation().contains(systemLocation)) {
            return Origin.SYSTEM;
        }
        return desired.find(name).isPresent() ? Origin.DEPLOYED : Origin.IMAGE;
    }

    boolean isSystem(String symbolicName) {
        return SYSTEM.contains(symbolicName) || symbolicName.equals("system.bundle")
            || symbolicName.equals("org.apache.felix.framework");
    }

    boolean isConsole(String symbolicName) {
        return CONSOLE.stream().anyMatch(name -> symbolicName.equals(name) || symbolicName.startsWith(name + "."));
    }

    /** The first of these packages that only the product itself may offer. */
    Optional<String> reserved(Collection<String> packages) {
        return packages.stream().filter(name -> RESERVED.stream()
            .anyMatch(reserved -> name.equals(reserved) || name.startsWith(reserved + "."))).findFirst();
    }
}
