// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio.kernel;

import com.sun.jna.Memory;
import com.sun.jna.NativeLong;
import java.lang.ref.Reference;
import java.nio.file.Path;

/**
 * A chip on an I2C bus, {@code /dev/i2c-N}. A read is one transfer with a repeated start; on an adapter that speaks SMBus
 * only, such as that of a PC's board, it is the SMBus command for so many bytes.
 */
public final class I2cChip implements Registers {

    private final KernelFile file;
    private final String name;
    private final int address;
    private final boolean wide;
    private final long functions;

    private I2cChip(KernelFile file, String name, int address, boolean wide) throws KernelException {
        this.file = file;
        this.name = name;
        this.address = address;
        this.wide = wide;
        Memory answer = GpioChip.cleared(NativeLong.SIZE);
        file.ioctl(I2cUapi.GET_FUNCTIONS, answer);
        functions = answer.getNativeLong(0).longValue();
        if (!can(I2cUapi.FUNCTION_I2C)) {
            if (wide) {
                throw new KernelException(name + ": its adapter speaks SMBus only, which has no registers of 16 bits");
            }
            file.control(I2cUapi.SET_ADDRESS, address);
        }
    }

    /**
     * @param address of 7 bits
     * @param wide whether a register's number has 16 bits rather than 8
     */
    public static I2cChip open(Path bus, int address, boolean wide) throws KernelException {
        String name = String.format("the chip 0x%02x on %s", address, bus.getFileName());
        KernelFile file = KernelFile.open(bus.toString(), bus.toString(), name);
        try {
            return new I2cChip(file, name, address, wide);
        } catch (KernelException e) {
            file.close();
            throw e;
        }
    }

    private boolean can(long function) {
        return (functions & function) == function;
    }

    @Override
    public byte[] read(int register, int bytes) throws KernelException {
        if (!can(I2cUapi.FUNCTION_I2C)) {
            return smbusRead(register, bytes);
        }
        byte[] from = number(register);
        Memory buffer = GpioChip.cleared(from.length + bytes);
        buffer.write(0, from, 0, from.length);
        Memory messages = GpioChip.cleared(2 * I2cUapi.MESSAGE_SIZE);
        message(messages, 0, (short) 0, buffer, 0, from.length);
        message(messages, I2cUapi.MESSAGE_SIZE, I2cUapi.FLAG_READ, buffer, from.length, bytes);
        transfer(messages, 2, buffer);
        return buffer.getByteArray(from.length, bytes);
    }

    @Override
    public void write(int register, byte[] bytes) throws KernelException {
        if (!can(I2cUapi.FUNCTION_I2C)) {
            smbusWrite(register, bytes);
            return;
        }
        byte[] to = number(register);
        Memory buffer = GpioChip.cleared(to.length + bytes.length);
        buffer.write(0, to, 0, to.length);
        buffer.write(to.length, bytes, 0, bytes.length);
        Memory messages = GpioChip.cleared(I2cUapi.MESSAGE_SIZE);
        message(messages, 0, (short) 0, buffer, 0, to.length + bytes.length);
        transfer(messages, 1, buffer);
    }

    private byte[] number(int register) {
        return wide ? new byte[] {(byte) (register >> 8), (byte) register} : new byte[] {(byte) register};
    }

    private void message(Memory messages, int at, short flags, Memory buffer, int from, int length) {
        messages.setShort(at + I2cUapi.MESSAGE_ADDRESS, (short) address);
        messages.setShort(at + I2cUapi.MESSAGE_FLAGS, flags);
        messages.setShort(at + I2cUapi.MESSAGE_LENGTH, (short) length);
        messages.setPointer(at + I2cUapi.MESSAGE_BYTES, buffer.share(from));
    }

    /** @param buffer what the messages point to; JNA frees what nobody refers to, and an address is no reference */
    private void transfer(Memory messages, int count, Memory buffer) throws KernelException {
        Memory transfer = GpioChip.cleared(I2cUapi.TRANSFER_SIZE);
        transfer.setPointer(I2cUapi.TRANSFER_MESSAGES, messages);
        transfer.setInt(I2cUapi.TRANSFER_COUNT, count);
        ask(I2cUapi.TRANSFER, transfer);
        Reference.reachabilityFence(messages);
        Reference.reachabilityFence(buffer);
    }

    private byte[] smbusRead(int register, int bytes) throws KernelException {
        Memory data = GpioChip.cleared(I2cUapi.DATA_SIZE);
        int kind = kind(bytes);
        if (kind == I2cUapi.KIND_BLOCK_DATA) {
            data.setByte(0, (byte) bytes);
        }
        smbus(I2cUapi.SMBUS_READ, register, kind, data);
        return switch (kind) {
            case I2cUapi.KIND_BYTE_DATA -> data.getByteArray(0, 1);
            case I2cUapi.KIND_WORD_DATA -> new byte[] {(byte) data.getShort(0), (byte) (data.getShort(0) >> 8)};
            default -> data.getByteArray(1, bytes);
        };
    }

    private void smbusWrite(int register, byte[] bytes) throws KernelException {
        Memory data = GpioChip.cleared(I2cUapi.DATA_SIZE);
        int kind = kind(bytes.length);
        switch (kind) {
            case I2cUapi.KIND_BYTE_DATA -> data.setByte(0, bytes[0]);
            // A word is sent with its low byte first.
            case I2cUapi.KIND_WORD_DATA -> data.setShort(0, (short) (bytes[0] & 0xFF | bytes[1] << 8));
            default -> {
                data.setByte(0, (byte) bytes.length);
                data.write(1, bytes, 0, bytes.length);
            }
        }
        smbus(I2cUapi.SMBUS_WRITE, register, kind, data);
    }

    private int kind(int bytes) throws KernelException {
        if (bytes == 1 && can(I2cUapi.FUNCTION_BYTE_DATA)) {
            return I2cUapi.KIND_BYTE_DATA;
        }
        if (bytes == 2 && can(I2cUapi.FUNCTION_WORD_DATA)) {
            return I2cUapi.KIND_WORD_DATA;
        }
        if (bytes <= I2cUapi.LONGEST_BLOCK && can(I2cUapi.FUNCTION_BLOCK_DATA)) {
            return I2cUapi.KIND_BLOCK_DATA;
        }
        throw new KernelException(name + ": its adapter speaks SMBus only and cannot transfer " + bytes + " bytes");
    }

    private void smbus(byte direction, int register, int kind, Memory data) throws KernelException {
        Memory call = GpioChip.cleared(I2cUapi.SMBUS_SIZE);
        call.setByte(I2cUapi.SMBUS_READ_WRITE, direction);
        call.setByte(I2cUapi.SMBUS_COMMAND, (byte) register);
        call.setInt(I2cUapi.SMBUS_KIND, kind);
        call.setPointer(I2cUapi.SMBUS_DATA, data);
        ask(I2cUapi.SMBUS, call);
        Reference.reachabilityFence(data);
    }

    /** Some adapters say "no such device" when nobody answers at the address. */
    private void ask(long request, Memory argument) throws KernelException {
        try {
            file.ioctl(request, argument);
        } catch (KernelException e) {
            throw e.number() == KernelException.ENODEV ? new KernelException(name, KernelException.ENXIO) : e;
        }
    }

    @Override
    public void close() {
        file.close();
    }
}
