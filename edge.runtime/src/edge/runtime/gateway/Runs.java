// SPDX-License-Identifier: Apache-2.0
package edge.runtime.gateway;

import edge.runtime.base.AtomicFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Earlier runs of the gateway process since the kernel's start. The kernel's monotonic clock is the same for all of them, so what
 * one learns about the wall clock is true for the others. Kept in a file of lines: the kernel's boot id, then {@code id origin}
 * of each run.
 */
final class Runs {
    private static final int MOST = 100;

    private final List<Boot> earlier;

    /** Reads the file and enters this run. */
    Runs(Path file, String kernelBoot, Boot self) throws IOException {
        List<String> lines = read(file);
        List<Boot> known = new ArrayList<>();
        if (!lines.isEmpty() && lines.get(0).equals(kernelBoot)) {
            for (String line : lines.subList(1, lines.size())) {
                Boot.parse(line).filter(boot -> !boot.id().equals(self.id())).ifPresent(known::add);
            }
        }
        earlier = List.copyOf(known.subList(Math.max(0, known.size() - MOST), known.size()));
        StringBuilder text = new StringBuilder(kernelBoot).append('\n');
        earlier.forEach(boot -> text.append(boot.text()).append('\n'));
        AtomicFiles.write(file, text.append(self.text()).append('\n').toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Runs that have ended, the oldest first; at most the newest hundred. */
    List<Boot> earlier() {
        return earlier;
    }

    private static List<String> read(Path file) throws IOException {
        try {
            return Files.readAllLines(file, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }
}
