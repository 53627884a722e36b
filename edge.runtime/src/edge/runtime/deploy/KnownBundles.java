// SPDX-License-Identifier: Apache-2.0
package edge.runtime.deploy;

import edge.runtime.base.DataDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.osgi.resource.Requirement;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Bundles that this gateway has at hand although they are not installed: in kept generations, the image, the watched folder. */
final class KnownBundles {
    private static final Logger LOG = LoggerFactory.getLogger(KnownBundles.class);

    private final List<Path> folders;

    KnownBundles(List<Path> folders) {
        this.folders = List.copyOf(folders);
    }

    /** Those that would provide it: symbolic name and version. Reads jars: not for every day. */
    List<String> providers(Requirement requirement) {
        Set<String> found = new TreeSet<>();
        for (Path jar : jars()) {
            try {
                ManifestResource known = JarCheck.resource(jar);
                if (known.getCapabilities(requirement.getNamespace()).stream()
                    .anyMatch(offer -> ManifestRequirement.matches(offer, requirement))) {
                    found.add(known.toString());
                }
            } catch (IOException e) {
                LOG.debug("{} offers nothing", jar, e);
            }
        }
        return List.copyOf(found);
    }

    private Collection<Path> jars() {
        Set<Path> jars = new LinkedHashSet<>();
        for (Path folder : folders) {
            if (Files.isDirectory(folder)) {
                try (Stream<Path> files = Files.list(folder)) {
                    files.filter(file -> file.toString().endsWith(".jar")).sorted().forEach(jars::add);
                } catch (IOException e) {
                    LOG.debug("{} cannot be searched: {}", folder, DataDirectory.reason(e));
                }
            }
        }
        return jars;
    }
}
