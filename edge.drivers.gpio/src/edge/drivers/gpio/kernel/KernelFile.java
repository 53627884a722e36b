// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio.kernel;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;

/** An open file of the kernel. */
final class KernelFile implements AutoCloseable {

    private final String name;
    private int number;

    private KernelFile(String name, int number) {
        this.name = name;
        this.number = number;
    }

    /** @param name what messages call it */
    static KernelFile open(String path, String name) throws KernelException {
        return open(path, name, name);
    }

    /** @param thing what messages call that which is reached through it */
    static KernelFile open(String path, String name, String thing) throws KernelException {
        try {
            return new KernelFile(thing, Libc.open(path, Libc.O_RDWR | Libc.O_CLOEXEC));
        } catch (LastErrorException e) {
            throw new KernelException(name, e.getErrorCode());
        }
    }

    /** Takes over a descriptor that a call returned. */
    static KernelFile of(int number, String name) {
        return new KernelFile(name, number);
    }

    int number() {
        return number;
    }

    void ioctl(long request, Pointer argument) throws KernelException {
        while (true) {
            try {
                Libc.ioctl(opened(), new NativeLong(request), argument);
                return;
            } catch (LastErrorException e) {
                if (e.getErrorCode() != KernelException.EINTR) {
                    throw new KernelException(name, e.getErrorCode());
                }
            }
        }
    }

    /** A request whose argument is a number. */
    void control(long request, long argument) throws KernelException {
        ioctl(request, Pointer.createConstant(argument));
    }

    /** Reads what there is, at most the size of the memory. */
    int read(Memory to) throws KernelException {
        while (true) {
            try {
                return Libc.read(opened(), to, new NativeLong(to.size())).intValue();
            } catch (LastErrorException e) {
                if (e.getErrorCode() != KernelException.EINTR) {
                    throw new KernelException(name, e.getErrorCode());
                }
            }
        }
    }

    /** The descriptor may be somebody else's by now. */
    private int opened() throws KernelException {
        if (number < 0) {
            throw new KernelException(name + " is closed");
        }
        return number;
    }

    @Override
    public void close() {
        if (number < 0) {
            return;
        }
        try {
            Libc.close(number);
        } catch (LastErrorException e) {
            // Linux frees the descriptor all the same
        }
        number = -1;
    }
}
