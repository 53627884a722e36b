// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Says what a failure of the GPIO sysfs means and what to do. */
final class SysfsProblem {

    private SysfsProblem() {
    }

    static String sentence(IOException e) {
        if (e instanceof NoSuchFileException missing) {
            Path folder = Path.of(missing.getFile()).getParent();
            if (folder.getFileName().toString().matches("gpio[0-9]+")) {
                return folder + " is gone: the chip or the line does not exist any more; check the board and 'line'";
            }
            return "there is no GPIO sysfs at " + folder + ": check 'path', or the kernel's CONFIG_GPIO_SYSFS";
        } else if (e instanceof AccessDeniedException denied) {
            return "no permission to use " + denied.getFile()
                + ": add the gateway's user to the group that owns it, often 'gpio'";
        }
        // What the kernel says to a write bears no file's name.
        String message = String.valueOf(e.getMessage());
        if (message.contains("resource busy")) {
            return "it is in use by another program or kernel driver: free it or configure another line";
        }
        return message;
    }
}
