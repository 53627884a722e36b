// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio.kernel;

/** Layout and numbers of {@code linux/spi/spidev.h}. Pointers are 64 bits wide everywhere. */
final class SpiUapi {

    private static final int TYPE = 'k';

    /** {@code struct spi_ioc_transfer}. */
    static final int TRANSFER_SIZE = 32;
    static final int TRANSFER_SENT = 0;
    static final int TRANSFER_RECEIVED = 8;
    static final int TRANSFER_LENGTH = 16;
    static final int TRANSFER_SPEED = 20;

    static final long SET_MODE = Ioctl.write(TYPE, 1, 1);
    static final long SET_SPEED = Ioctl.write(TYPE, 4, Integer.BYTES);
    static final long TRANSFER = Ioctl.write(TYPE, 0, TRANSFER_SIZE);

    private SpiUapi() {
    }
}
