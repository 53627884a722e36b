// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio.kernel;

import com.sun.jna.Native;

/** Layout and numbers of {@code linux/i2c.h} and {@code linux/i2c-dev.h}. What follows a pointer depends on its size. */
final class I2cUapi {

    static final long SET_ADDRESS = 0x0703;
    static final long GET_FUNCTIONS = 0x0705;
    static final long TRANSFER = 0x0707;
    static final long SMBUS = 0x0720;

    static final long FUNCTION_I2C = 1;
    static final long FUNCTION_BYTE_DATA = 0x0018_0000;
    static final long FUNCTION_WORD_DATA = 0x0060_0000;
    static final long FUNCTION_BLOCK_DATA = 0x0C00_0000;

    /** {@code struct i2c_msg}. */
    static final int MESSAGE_SIZE = 8 + Native.POINTER_SIZE;
    static final int MESSAGE_ADDRESS = 0;
    static final int MESSAGE_FLAGS = 2;
    static final int MESSAGE_LENGTH = 4;
    static final int MESSAGE_BYTES = 8;
    static final short FLAG_READ = 1;

    /** {@code struct i2c_rdwr_ioctl_data}. */
    static final int TRANSFER_SIZE = 2 * Native.POINTER_SIZE;
    static final int TRANSFER_MESSAGES = 0;
    static final int TRANSFER_COUNT = Native.POINTER_SIZE;

    /** {@code struct i2c_smbus_ioctl_data}. */
    static final int SMBUS_SIZE = 8 + Native.POINTER_SIZE;
    static final int SMBUS_READ_WRITE = 0;
    static final int SMBUS_COMMAND = 1;
    static final int SMBUS_KIND = 4;
    static final int SMBUS_DATA = 8;

    static final byte SMBUS_WRITE = 0;
    static final byte SMBUS_READ = 1;
    static final int KIND_BYTE_DATA = 2;
    static final int KIND_WORD_DATA = 3;
    static final int KIND_BLOCK_DATA = 8;

    /** {@code union i2c_smbus_data}. */
    static final int DATA_SIZE = 34;
    static final int LONGEST_BLOCK = 32;

    private I2cUapi() {
    }
}
