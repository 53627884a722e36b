// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio.chardev;

import edge.drivers.gpio.kernel.GpioChip;
import edge.drivers.gpio.kernel.KernelException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Finds lines by chip and number, or by name. Looks at the board anew each time: chips come and go. */
public final class LineFinder {

    private static final int SHOWN = 8;

    private LineFinder() {
    }

    /** Where a line is. */
    public record Found(Path chip, int offset) {
    }

    /**
     * Finds a line by its number.
     *
     * @param chip {@code gpiochip0}, {@code /dev/gpiochip0}, or the chip's label
     * @throws IOException one sentence that says what there is instead
     */
    public static Found byNumber(String chip, int offset) throws IOException {
        List<String> there = new ArrayList<>();
        Path labelled = null;
        for (Path device : GpioChip.devices()) {
            if (device.toString().equals(chip) || device.getFileName().toString().equals(chip)) {
                return new Found(device, offset);
            }
            try (GpioChip opened = GpioChip.open(device)) {
                if (opened.label().equals(chip)) {
                    if (labelled != null) {
                        throw new IOException("two chips are labelled '" + chip + "', " + labelled.getFileName() + " and "
                            + device.getFileName() + ": name the chip by its device");
                    }
                    labelled = device;
                }
                there.add(opened.device() + " (" + opened.label() + ")");
            } catch (KernelException e) {
                there.add(e.getMessage());
            }
        }
        if (labelled == null) {
            throw new IOException("there is no chip '" + chip + "'; this board has "
                + (there.isEmpty() ? "no GPIO chip at all" : String.join(", ", there)));
        }
        return new Found(labelled, offset);
    }

    /**
     * Finds a line by the name that the board's maker gave it.
     *
     * @throws IOException one sentence that says what there is instead
     */
    public static Found byName(String name) throws IOException {
        List<String> names = new ArrayList<>();
        List<String> closed = new ArrayList<>();
        Found found = null;
        for (Path device : GpioChip.devices()) {
            try (GpioChip chip = GpioChip.open(device)) {
                for (int i = 0; i < chip.lines(); i++) {
                    String line = chip.info(i).name();
                    if (line.equals(name)) {
                        if (found != null) {
                            throw new IOException("two lines are named '" + name + "', one of "
                                + found.chip().getFileName() + " and one of " + chip.device()
                                + ": give the chip and the line's number");
                        }
                        found = new Found(device, i);
                    } else if (!line.isEmpty()) {
                        names.add(line);
                    }
                }
            } catch (KernelException e) {
                closed.add(e.getMessage());
            }
        }
        if (found == null) {
            throw new IOException("no line is named '" + name + "'" + (names.isEmpty() ? "; no line here has a name"
                : "; there are " + String.join(", ", names.subList(0, Math.min(SHOWN, names.size())))
                    + (names.size() > SHOWN ? " and " + (names.size() - SHOWN) + " more" : ""))
                + (closed.isEmpty() ? "" : "; " + String.join("; ", closed)));
        }
        return found;
    }
}
