// SPDX-License-Identifier: Apache-2.0
package edge.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** Where the measurements find what they need, and put what they make. */
final class Bench {

    private int folders;

    /** A new empty folder below the build output: on the disk that the product would use, not in memory. */
    Path folder() throws IOException {
        return Files.createDirectories(out().resolve("bench").resolve(Integer.toString(folders++)));
    }

    Path out() {
        return Path.of(System.getProperty("edge.out"));
    }

    /** The folder of the bench project, with the sources of its peers. */
    Path project() {
        return Path.of(System.getProperty("edge.bench"));
    }

    void clean() throws IOException {
        Path bench = out().resolve("bench");
        if (Files.exists(bench)) {
            try (Stream<Path> files = Files.walk(bench)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
