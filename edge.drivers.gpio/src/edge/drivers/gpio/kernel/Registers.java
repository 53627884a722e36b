// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio.kernel;

/** A chip that is a set of registers, on whatever bus. One thread at a time; calls wait for the bus. */
public interface Registers extends AutoCloseable {

    /** So many bytes, beginning with that register, in the order of the wire. */
    byte[] read(int register, int bytes) throws KernelException;

    void write(int register, byte[] bytes) throws KernelException;

    @Override
    void close();
}
