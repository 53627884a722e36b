// SPDX-License-Identifier: Apache-2.0
package edge.runtime.deploy;

import edge.runtime.base.DataDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.Version;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The swappable bundles of the product image: the jars in its folder {@code bundles}. Empty in a launch without an image. */
final class ImageBundles {
    private static final Logger LOG = LoggerFactory.getLogger(ImageBundles.class);

    private final Map<String, Path> jars = new TreeMap<>();

    ImageBundles(Path folder) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            files.filter(file -> file.getFileName().toString().endsWith(".jar")).sorted().forEach(this::add);
        } catch (IOException e) {
            LOG.error("The bundles of the product image in {} cannot be read: {}", folder, DataDirectory.reason(e));
        }
    }

    private void add(Path jar) {
        try {
            String name = symbolicName(jar);
            if (name.isEmpty()) {
                LOG.warn("{} is left out: it is not a bundle", jar);
            } else {
                jars.put(name, jar);
            }
        } catch (IOException e) {
            LOG.error("{} is left out: it cannot be read: {}", jar, DataDirectory.reason(e));
        }
    }

    static String symbolicName(Path jar) throws IOException {
        return Headers.clauses(manifest(jar).getValue("Bundle-SymbolicName")).stream()
            .flatMap(clause -> clause.paths().stream()).findFirst().orElse("");
    }

    private static Attributes manifest(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile(), false)) {
            Manifest manifest = file.getManifest();
            return manifest == null ? new Attributes() : manifest.getMainAttributes();
        }
    }

    /** The version that the image has of a bundle, if it is newer than the one that runs. */
    Optional<Version> newerThan(Bundle bundle) {
        Path jar = jars.get(bundle.getSymbolicName());
        if (jar == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(Version.parseVersion(manifest(jar).getValue("Bundle-Version")))
                .filter(version -> version.compareTo(bundle.getVersion()) > 0);
        } catch (IOException | IllegalArgumentException e) {
            LOG.debug("{} has no version that can be read", jar, e);
            return Optional.empty();
        }
    }

    Map<String, Path> all() {
        return jars;
    }

    Optional<Path> find(String symbolicName) {
        return Optional.ofNullable(jars.get(symbolicName));
    }
}
