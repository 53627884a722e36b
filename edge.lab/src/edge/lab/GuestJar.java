// SPDX-License-Identifier: Apache-2.0
package edge.lab;

import edge.test.support.Program;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a Java program needs inside the machine, in a folder that is shared with it. */
final class GuestJar {
    private static final Duration PACKING = Duration.ofSeconds(60);

    private GuestJar() {
    }

    /**
     * Fills a folder with everything from where these classes are: the workspace's own in one jar, because each read over the
     * share is a question to the host, and libraries as they are.
     */
    static Path pack(Path folder, Class<?>... parts) throws Exception {
        Files.createDirectories(folder);
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin/jar").toString(),
            "--create", "--no-compress", "--file", folder.resolve("guest.jar").toString()));
        int libraries = 0;
        for (Class<?> part : parts) {
            Path place = place(part);
            if (Files.isDirectory(place)) {
                command.addAll(List.of("-C", place.toString(), "edge"));
            } else {
                libraries++;
                Files.copy(place, folder.resolve("library-" + libraries + ".jar"));
            }
        }
        Program packing = Program.start(folder.resolveSibling("jar.log"), Map.of(), command);
        if (packing.exitCode(PACKING) != 0) {
            throw new AssertionError(packing.output());
        }
        return folder;
    }

    private static Path place(Class<?> part) throws URISyntaxException {
        return Path.of(part.getProtectionDomain().getCodeSource().getLocation().toURI());
    }
}
