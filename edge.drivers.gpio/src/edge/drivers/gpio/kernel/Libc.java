// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio.kernel;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;

/** The few functions of the C library that are needed. Each fails with the error number that the kernel gave. */
final class Libc {

    static final int O_RDWR = 2;
    static final int O_NONBLOCK = 0x800;
    static final int O_CLOEXEC = 0x80000;

    static final short POLLIN = 1;

    static {
        Native.register(Libc.class, Platform.C_LIBRARY_NAME);
    }

    private Libc() {
    }

    static native int open(String path, int flags) throws LastErrorException;

    static native int close(int file) throws LastErrorException;

    static native int ioctl(int file, NativeLong request, Pointer argument) throws LastErrorException;

    static native NativeLong read(int file, Pointer to, NativeLong bytes) throws LastErrorException;

    static native NativeLong write(int file, Pointer from, NativeLong bytes) throws LastErrorException;

    static native int poll(Pointer files, NativeLong count, int millis) throws LastErrorException;

    static native int eventfd(int initial, int flags) throws LastErrorException;
}
