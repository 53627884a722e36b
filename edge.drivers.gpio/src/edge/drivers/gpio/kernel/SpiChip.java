// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio.kernel;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.lang.ref.Reference;
import java.nio.file.Path;

/**
 * A chip on an SPI bus, {@code /dev/spidevB.C}, whose registers are reached by one byte in front of the data, as most have
 * it. Words have 8 bits, the highest first.
 */
public final class SpiChip implements Registers {

    private final KernelFile file;
    private final Settings settings;

    /**
     * @param mode clock polarity and phase, 0 to 3
     * @param hertz clock
     * @param readMask what is or-ed to a register's number to read it
     * @param writeMask what is or-ed to a register's number to write it
     */
    public record Settings(int mode, int hertz, int readMask, int writeMask) {
    }

    private SpiChip(KernelFile file, Settings settings) throws KernelException {
        this.file = file;
        this.settings = settings;
        Memory mode = GpioChip.cleared(Byte.BYTES);
        mode.setByte(0, (byte) settings.mode());
        file.ioctl(SpiUapi.SET_MODE, mode);
        Memory speed = GpioChip.cleared(Integer.BYTES);
        speed.setInt(0, settings.hertz());
        file.ioctl(SpiUapi.SET_SPEED, speed);
    }

    public static SpiChip open(Path device, Settings settings) throws KernelException {
        KernelFile file = KernelFile.open(device.toString(), device.getFileName().toString());
        try {
            return new SpiChip(file, settings);
        } catch (KernelException e) {
            file.close();
            throw e;
        }
    }

    @Override
    public byte[] read(int register, int bytes) throws KernelException {
        byte[] sent = new byte[1 + bytes];
        sent[0] = (byte) (register | settings.readMask());
        return transfer(sent).getByteArray(1, bytes);
    }

    @Override
    public void write(int register, byte[] bytes) throws KernelException {
        byte[] sent = new byte[1 + bytes.length];
        sent[0] = (byte) (register | settings.writeMask());
        System.arraycopy(bytes, 0, sent, 1, bytes.length);
        transfer(sent);
    }

    private Memory transfer(byte[] bytes) throws KernelException {
        Memory sent = GpioChip.cleared(bytes.length);
        sent.write(0, bytes, 0, bytes.length);
        Memory received = GpioChip.cleared(bytes.length);
        Memory transfer = GpioChip.cleared(SpiUapi.TRANSFER_SIZE);
        transfer.setLong(SpiUapi.TRANSFER_SENT, Pointer.nativeValue(sent));
        transfer.setLong(SpiUapi.TRANSFER_RECEIVED, Pointer.nativeValue(received));
        transfer.setInt(SpiUapi.TRANSFER_LENGTH, bytes.length);
        transfer.setInt(SpiUapi.TRANSFER_SPEED, settings.hertz());
        file.ioctl(SpiUapi.TRANSFER, transfer);
        // JNA frees what nobody refers to, and an address is no reference.
        Reference.reachabilityFence(sent);
        return received;
    }

    @Override
    public void close() {
        file.close();
    }
}
