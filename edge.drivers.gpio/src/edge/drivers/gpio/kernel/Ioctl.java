// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio.kernel;

/** Numbers of the kernel's requests, as {@code asm-generic/ioctl.h} makes them: x86, ARM and RISC-V use that. */
final class Ioctl {

    private static final long WRITE = 1;
    private static final long READ = 2;

    private Ioctl() {
    }

    static long read(int type, int number, int size) {
        return code(READ, type, number, size);
    }

    static long write(int type, int number, int size) {
        return code(WRITE, type, number, size);
    }

    static long readWrite(int type, int number, int size) {
        return code(READ | WRITE, type, number, size);
    }

    private static long code(long direction, int type, int number, int size) {
        return direction << 30 | (long) size << 16 | (long) type << 8 | number;
    }
}
