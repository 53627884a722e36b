// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio;

import com.pi4j.plugin.linuxfs.internal.LinuxGpio;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

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
}
