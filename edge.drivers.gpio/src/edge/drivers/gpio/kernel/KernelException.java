// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio.kernel;

import java.io.IOException;

/** The kernel refused a call. The message is one sentence with the remedy, where there is one. */
public final class KernelException extends IOException {
    private static final long serialVersionUID = 1L;

    static final int ENOENT = 2;
    static final int EINTR = 4;
    static final int EIO = 5;
    static final int ENXIO = 6;
    static final int EAGAIN = 11;
    static final int EACCES = 13;
    static final int EBUSY = 16;
    static final int ENODEV = 19;
    static final int EINVAL = 22;
    static final int ENOTTY = 25;
    static final int EOPNOTSUPP = 95;
    static final int ETIMEDOUT = 110;
    static final int EREMOTEIO = 121;

    private final int number;

    /** @param subject what was used, with which the sentence begins */
    KernelException(String subject, int number) {
        super(sentence(subject, number));
        this.number = number;
    }

    KernelException(String message) {
        super(message);
        number = 0;
    }

    /** Whether the device itself is gone, so that nothing but opening it again will help. */
    public boolean isGone() {
        return number == ENODEV || number == ENOENT || number == ENXIO;
    }

    /** Whether nobody answers at that address of a bus. */
    public boolean isSilent() {
        return number == ENXIO || number == EREMOTEIO || number == ETIMEDOUT || number == EIO;
    }

    int number() {
        return number;
    }

    private static String sentence(String subject, int number) {
        return subject + ' ' + switch (number) {
            case ENOENT -> "does not exist: check the name, and that the kernel has the driver of the chip";
            case ENODEV -> "is gone: the chip was removed or its driver unloaded";
            case ENXIO, EREMOTEIO -> "does not answer: check wiring, address and power";
            case EIO -> "cannot be reached: the transfer failed on the wire";
            case ETIMEDOUT -> "does not answer in time: the bus may be held by a device";
            case EACCES -> "may not be used: add the gateway's user to the group that owns it, often gpio, i2c or spi";
            case EBUSY -> "is in use by another program or by a driver of the kernel: free it, or configure another";
            case EINVAL -> "cannot do what is configured: the chip or the kernel lacks it (a pull, a debounce, a speed)";
            case ENOTTY -> "is no device of this kind, or the kernel is too old: Linux 5.10 or newer is needed";
            case EOPNOTSUPP -> "does not support this kind of access";
            default -> "fails with error " + number + " of the kernel";
        };
    }
}
