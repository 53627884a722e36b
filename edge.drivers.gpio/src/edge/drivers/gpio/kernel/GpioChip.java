// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio.kernel;

import com.sun.jna.Memory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A GPIO chip of the kernel, {@code /dev/gpiochipN}. Lines that were requested outlive it. */
public final class GpioChip implements AutoCloseable {

    private final KernelFile file;
    private final String device;
    private final String label;
    private final int lines;

    private GpioChip(KernelFile file, String device, String label, int lines) {
        this.file = file;
        this.device = device;
        this.label = label;
        this.lines = lines;
    }

    /** What the kernel knows of a line: {@code consumer} is who has it, empty if nobody. */
    public record LineInfo(String name, boolean used, String consumer) {
    }

    /** The chips' device files, by name. */
    public static List<Path> devices() throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of("/dev"), "gpiochip*")) {
            files.forEach(found::add);
        }
        found.sort(null);
        return found;
    }

    public static GpioChip open(Path device) throws KernelException {
        String name = device.getFileName().toString();
        KernelFile file = KernelFile.open(device.toString(), name);
        Memory info = cleared(GpioUapi.CHIP_SIZE);
        try {
            file.ioctl(GpioUapi.GET_CHIP, info);
        } catch (KernelException e) {
            file.close();
            throw e;
        }
        return new GpioChip(file, name, text(info, GpioUapi.CHIP_LABEL), info.getInt(GpioUapi.CHIP_LINES));
    }

    /** The device's file name: {@code gpiochip0}. */
    public String device() {
        return device;
    }

    /** The chip's own name, which does not change between boots: {@code pinctrl-bcm2711}. */
    public String label() {
        return label;
    }

    public int lines() {
        return lines;
    }

    public LineInfo info(int offset) throws KernelException {
        Memory info = cleared(GpioUapi.INFO_SIZE);
        info.setInt(GpioUapi.INFO_OFFSET, offset);
        file.ioctl(GpioUapi.GET_INFO, info);
        return new LineInfo(text(info, GpioUapi.INFO_NAME), (info.getLong(GpioUapi.INFO_FLAGS) & GpioUapi.FLAG_USED) != 0,
            text(info, GpioUapi.INFO_CONSUMER));
    }

    /**
     * Claims a line. An output takes its level in the same step.
     *
     * @param consumer who claims it, for other programs to see; cut to 31 characters
     */
    public LineRequest request(int offset, LineSettings settings, String consumer) throws KernelException {
        if (offset >= lines) {
            throw new KernelException(device + " (" + label + ") has the lines 0 to " + (lines - 1) + ", not " + offset);
        }
        Memory request = cleared(GpioUapi.REQUEST_SIZE);
        request.setInt(GpioUapi.REQUEST_OFFSETS, offset);
        byte[] name = consumer.getBytes(StandardCharsets.US_ASCII);
        request.write(GpioUapi.REQUEST_CONSUMER, name, 0, Math.min(name.length, GpioUapi.NAME_SIZE - 1));
        settings.write(request, GpioUapi.REQUEST_CONFIG);
        request.setInt(GpioUapi.REQUEST_LINES, 1);
        request.setInt(GpioUapi.REQUEST_BUFFER, LineRequest.QUEUED_EVENTS);
        try {
            file.ioctl(GpioUapi.GET_LINE, request);
        } catch (KernelException e) {
            throw e.number() == KernelException.EBUSY ? busy(offset, e) : e;
        }
        String line = "line " + offset + " of " + device;
        return new LineRequest(KernelFile.of(request.getInt(GpioUapi.REQUEST_FILE), line));
    }

    private KernelException busy(int offset, KernelException refusal) throws KernelException {
        LineInfo info = info(offset);
        if (!info.used()) {
            return refusal;
        }
        return new KernelException("line " + offset + " of " + device + " is in use by "
            + (info.consumer().isEmpty() ? "a driver of the kernel" : "'" + info.consumer() + "'")
            + ": free it, or configure another");
    }

    static Memory cleared(int size) {
        Memory memory = new Memory(size);
        memory.clear();
        return memory;
    }

    /** A text of the kernel may fill its field to the last byte. */
    private static String text(Memory memory, int offset) {
        byte[] bytes = memory.getByteArray(offset, GpioUapi.NAME_SIZE);
        int length = 0;
        while (length < bytes.length && bytes[length] != 0) {
            length++;
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        file.close();
    }
}
