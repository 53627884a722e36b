// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.client;

import java.io.IOException;

/** An open serial port. Used on one thread, except for {@link #close}. */
interface SerialPort extends AutoCloseable {

    /** Opens a port. */
    interface Opener {
        /** @throws IOException if it cannot be opened; the message says why and what to do */
        SerialPort open(String port, SerialLine line) throws IOException;
    }

    /**
     * Reads what has come, or waits for the first byte.
     *
     * @param nanos how long at most, about
     * @return how many bytes; 0 if none came
     * @throws IOException if the port is gone
     */
    int read(byte[] into, int offset, long nanos) throws IOException;

    /** Hands bytes to the kernel, which sends them. */
    void write(byte[] bytes, int length) throws IOException;

    @Override
    void close();
}
