// SPDX-License-Identifier: Apache-2.0
package edge.runtime.generation;

import edge.runtime.base.AtomicFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The configuration files of a folder. Their texts are bytes, one char each: whatever they are, they come back as they were.
 */
final class EtcFolder {
    private final Path folder;

    EtcFolder(Path folder) {
        this.folder = folder;
    }

    /** By name; hidden files and those that are no configurations are none of ours. */
    Map<String, String> texts() throws IOException {
        Map<String, String> texts = new TreeMap<>();
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    String name = file.getFileName().toString();
                    if (!name.startsWith(".") && name.endsWith(".json") && Files.isRegularFile(file)) {
                        texts.put(name, new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
                    }
                }
            }
        }
        return texts;
    }

    Optional<String> text(String name) throws IOException {
        Path file = folder.resolve(name);
        return Files.exists(file) ? Optional.of(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
            : Optional.empty();
    }

    /** Replaces a file, or deletes it; leaves it alone if it is that already. */
    void put(String name, Optional<String> text) throws IOException {
        if (text(name).equals(text)) {
            return;
        }
        if (text.isPresent()) {
            AtomicFiles.write(folder.resolve(name), text.get().getBytes(StandardCharsets.ISO_8859_1));
        } else {
            AtomicFiles.delete(folder.resolve(name));
        }
    }

    /** Makes the folder hold these and no others. */
    void putAll(Map<String, String> texts) throws IOException {
        for (String name : texts().keySet()) {
            if (!texts.containsKey(name)) {
                put(name, Optional.empty());
            }
        }
        for (Map.Entry<String, String> file : texts.entrySet()) {
            put(file.getKey(), Optional.of(file.getValue()));
        }
    }
}
