// SPDX-License-Identifier: Apache-2.0
package edge.runtime.desired;

import edge.runtime.base.AtomicFiles;
import edge.runtime.base.DataDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last text of each configuration that was in force, in {@code etc/.applied}, so that a file that was spoilt while the
 * gateway was off does not stop what it configures. One thread.
 */
final class LastGood {
    private static final Logger LOG = LoggerFactory.getLogger(LastGood.class);

    private final Path folder;
    private final Map<String, String> texts = new HashMap<>();
    private boolean told;

    LastGood(Path folder) {
        this.folder = folder;
        try {
            Files.createDirectories(folder);
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.filter(path -> !path.getFileName().toString().startsWith(".")).toList()) {
                    texts.put(file.getFileName().toString(), Files.readString(file));
                }
            }
        } catch (IOException e) {
            tell(e);
        }
    }

    /** The text, or null. */
    String text(ConfigurationName name) {
        return texts.get(name.fileName());
    }

    Set<ConfigurationName> names() {
        return texts.keySet().stream().map(ConfigurationName::ofFile).flatMap(java.util.Optional::stream)
            .collect(Collectors.toSet());
    }

    void keep(ConfigurationName name, String text) {
        if (!text.equals(texts.get(name.fileName()))) {
            try {
                AtomicFiles.writePrivate(folder.resolve(name.fileName()), text.getBytes(StandardCharsets.UTF_8));
                texts.put(name.fileName(), text);
                told = false;
            } catch (IOException e) {
                tell(e);
            }
        }
    }

    void forget(ConfigurationName name) {
        if (texts.remove(name.fileName()) != null) {
            try {
                AtomicFiles.delete(folder.resolve(name.fileName()));
            } catch (IOException e) {
                tell(e);
            }
        }
    }

    private void tell(IOException e) {
        if (!told) {
            LOG.error("The last good configurations cannot be kept in {}: {}. Make room, or make the folder writable.",
                folder, DataDirectory.reason(e));
        }
        told = true;
    }
}
