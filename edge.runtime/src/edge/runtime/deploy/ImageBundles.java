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
        try (JarFile file = new JarFile(jar.toFile(), false)) {
            Manifest manifest = file.getManifest();
            Attributes headers = manifest == null ? new Attributes() : manifest.getMainAttributes();
            return Headers.clauses(headers.getValue("Bundle-SymbolicName")).stream()
                .flatMap(clause -> clause.paths().stream()).findFirst().orElse("");
        }
    }

    Map<String, Path> all() {
        return jars;
    }

    Optional<Path> find(String symbolicName) {
        return Optional.ofNullable(jars.get(symbolicName));
    }
}
