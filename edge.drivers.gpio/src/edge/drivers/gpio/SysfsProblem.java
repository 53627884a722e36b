// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Says what a failure of the GPIO sysfs means and what to do. */
final class SysfsProblem {

    private SysfsProblem() {
    }

    static String sentence(FileSystemException e) {
        String file = e.getFile();
        if (e instanceof NoSuchFileException) {
            Path parent = Path.of(file).getParent();
            boolean lines = parent != null && parent.getFileName().toString().matches("gpio[0-9]+");
            if (lines) {
                return parent + " is gone: the chip or the line does not exist any more; check the board and 'line'";
            }
            return "there is no GPIO sysfs at " + parent + ": check 'path', or the kernel's CONFIG_GPIO_SYSFS";
        } else if (e instanceof AccessDeniedException) {
            return "no permission to use " + file + ": add the gateway's user to the group that owns it, often 'gpio'";
        } else if (e.getReason() != null && e.getReason().contains("busy")) {
            return "it is in use by another program or kernel driver: free it or configure another line";
        } else if (e.getReason() != null && e.getReason().contains("Invalid argument")
            && Path.of(file).endsWith("export")) {
            return "the board has no such line: 'line' is the kernel's global number, the base of the chip"
                + (Files.isDirectory(Path.of("/sys/class/gpio")) ? " (see " + Path.of(file).getParent() + "/gpiochip*/base)"
                : "") + " plus the offset";
        }
        return e.getMessage();
    }
}
