// SPDX-License-Identifier: Apache-2.0
package edge.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A disk of its own, so that its counters count nobody else's writes: a file, a loop device on it, ext4 with its defaults. Needs
 * root.
 */
final class LoopDisk implements AutoCloseable {

    private static final int SECTOR = 512;
    /** Field of the device's counters: sectors written. */
    private static final int WRITTEN = 6;

    private final Path folder;
    private final String device;

    LoopDisk(Path place, int megabytes) throws IOException, InterruptedException {
        Path image = place.resolve("disk.img");
        folder = Files.createDirectories(place.resolve("disk"));
        run("truncate", "-s", megabytes + "M", image.toString());
        run("mkfs.ext4", "-q", "-F", image.toString());
        run("mount", "-o", "loop", image.toString(), folder.toString());
        device = Path.of(run("findmnt", "-n", "-o", "SOURCE", folder.toString())).getFileName().toString();
    }

    Path folder() {
        return folder;
    }

    /** Bytes that the device was given since it exists, with everything that waits for it. */
    long written() throws IOException, InterruptedException {
        run("sync", "-f", folder.toString());
        String[] counters = Files.readString(Path.of("/sys/block", device, "stat")).trim().split("\\s+");
        return Long.parseLong(counters[WRITTEN]) * SECTOR;
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + " failed; a disk of its own needs root: " + output);
        }
        return output;
    }

    @Override
    public void close() throws IOException, InterruptedException {
        run("umount", folder.toString());
    }
}
