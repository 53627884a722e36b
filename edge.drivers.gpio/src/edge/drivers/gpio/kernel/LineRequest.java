// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio.kernel;

import com.sun.jna.Memory;

/** A line that is ours until it is closed. */
public final class LineRequest implements AutoCloseable {

    /** What the kernel keeps for us: the most that it allows for one line. When it is full the oldest make room. */
    static final int QUEUED_EVENTS = 1024;

    private final KernelFile file;
    private final Memory values = GpioChip.cleared(GpioUapi.VALUES_SIZE);

    LineRequest(KernelFile file) {
        this.file = file;
    }

    KernelFile file() {
        return file;
    }

    /** The electrical level now; after the kernel's debounce, where that is set. */
    public boolean level() throws KernelException {
        values.setLong(GpioUapi.VALUES_BITS, 0);
        values.setLong(GpioUapi.VALUES_MASK, 1);
        file.ioctl(GpioUapi.GET_VALUES, values);
        return (values.getLong(GpioUapi.VALUES_BITS) & 1) != 0;
    }

    /** Drives an output. */
    public void level(boolean high) throws KernelException {
        values.setLong(GpioUapi.VALUES_BITS, high ? 1 : 0);
        values.setLong(GpioUapi.VALUES_MASK, 1);
        file.ioctl(GpioUapi.SET_VALUES, values);
    }

    /** Changes how the line is used. */
    public void configure(LineSettings settings) throws KernelException {
        Memory config = GpioChip.cleared(GpioUapi.CONFIG_SIZE);
        settings.write(config, 0);
        file.ioctl(GpioUapi.SET_CONFIG, config);
    }

    @Override
    public void close() {
        file.close();
    }
}
