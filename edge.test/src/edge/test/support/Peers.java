// SPDX-License-Identifier: Apache-2.0
package edge.test.support;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Programs that others wrote. A missing one skips the test, or fails it where peers are required (in CI). */
public final class Peers {

    private Peers() {
    }

    /** The first of these programs that there is. */
    public static Path need(String... names) {
        for (String name : names) {
            Optional<Path> found = find(name);
            if (found.isPresent()) {
                return found.get();
            }
        }
        return missing(String.join(" or ", names) + " is not installed");
    }

    /** A shared library in a folder of its own below the system's. */
    public static Path library(String path) {
        try (Stream<Path> folders = Files.list(Path.of("/usr/lib"))) {
            Optional<Path> found = folders.map(folder -> folder.resolve(path)).filter(Files::isReadable).findFirst();
            if (found.isPresent()) {
                return found.get();
            }
        } catch (java.io.IOException e) {
            return missing(path + " is not installed: " + e.getMessage());
        }
        return missing(path + " is not installed");
    }

    /** Debian's Python, with pymodbus. */
    public static Path pythonWithPymodbus() {
        Path python = Path.of("/usr/bin/python3");
        try {
            if (Files.isExecutable(python)
                && new ProcessBuilder(python.toString(), "-c", "import pymodbus.server, pymodbus.client").start().waitFor() == 0) {
                return python;
            }
        } catch (java.io.IOException e) {
            return missing("python3 does not start: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return missing("python3-pymodbus (with python3-serial-asyncio) is not installed");
    }

    /** A Java runtime of at least that version, if the usual folder has one. */
    public static Optional<Path> java(int atLeast) {
        try (Stream<Path> homes = Files.list(Path.of("/usr/lib/jvm"))) {
            return homes.filter(home -> version(home) >= atLeast).findFirst();
        } catch (java.io.IOException e) {
            return Optional.empty();
        }
    }

    private static int version(Path home) {
        try {
            for (String line : Files.readAllLines(home.resolve("release"))) {
                if (line.startsWith("JAVA_VERSION=")) {
                    return Integer.parseInt(line.replaceAll("JAVA_VERSION=\"([0-9]+).*", "$1"));
                }
            }
        } catch (java.io.IOException e) {
            return 0;
        }
        return 0;
    }

    private static Optional<Path> find(String name) {
        return Stream.concat(Stream.of(System.getenv("PATH").split(":")), List.of("/usr/sbin", "/usr/bin").stream())
            .map(folder -> Path.of(folder, name)).filter(Files::isExecutable).findFirst();
    }

    private static Path missing(String sentence) {
        if ("1".equals(System.getenv("EDGE_REQUIRE_PEERS"))) {
            return fail(sentence + ", and peers are required here");
        }
        return abort(sentence);
    }
}
