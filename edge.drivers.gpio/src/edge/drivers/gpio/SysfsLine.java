// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio;

import com.pi4j.plugin.linuxfs.internal.LinuxGpio;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/** Claims a line of the GPIO sysfs. */
final class SysfsLine {

    private static final int TRIES = 50;
    private static final long PAUSE_MILLIS = 10;

    private SysfsLine() {
    }

    /**
     * Exports the line unless it is exported already, as after an unclean stop. Waits up to half a second until udev has
     * given its files to the gateway's user: the kernel creates them for root.
     */
    static void claim(LinuxGpio gpio) throws IOException {
        if (!gpio.isExported()) {
            checkChip(gpio);
            gpio.export();
        }
        Path direction = Path.of(gpio.pinPath(), "direction");
        try {
            for (int i = 0; i < TRIES && !Files.isWritable(direction); i++) {
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // Inversion is done above the head; another program may have left it on.
        gpio.activeLow(false);
    }

    /**
     * Refuses a line that no chip has. Linux 6.1 does not only refuse it: when the chip went away while another program held
     * one of its lines, the kernel faults in the export and takes the calling thread with it.
     */
    private static void checkChip(LinuxGpio gpio) throws IOException {
        Path folder = Path.of(gpio.systemPath());
        if (!Files.isDirectory(folder)) {
            throw new NoSuchFileException(folder.resolve("export").toString());
        }
        int line = Integer.parseInt(Path.of(gpio.pinPath()).getFileName().toString().substring("gpio".length()));
        Set<String> ranges = new TreeSet<>();
        try (DirectoryStream<Path> chips = Files.newDirectoryStream(folder, "gpiochip*")) {
            for (Path chip : chips) {
                int base = number(chip.resolve("base"));
                int end = base + number(chip.resolve("ngpio"));
                if (line >= base && line < end) {
                    return;
                }
                ranges.add(base + " to " + (end - 1));
            }
        }
        throw new IOException("no chip has that line: 'line' is the kernel's global number, and this board has "
            + (ranges.isEmpty() ? "no chip in " + folder : "the numbers " + String.join(", ", ranges)));
    }

    private static int number(Path file) throws IOException {
        try {
            return Integer.parseInt(Files.readString(file).trim());
        } catch (NumberFormatException e) {
            throw new IOException(file + " holds no number", e);
        }
    }
}
