// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.server;

import edge.drivers.modbus.codec.ExceptionResponse;
import edge.drivers.modbus.codec.Table;

/**
 * The bits and registers behind a server. Called on the server's thread, one request at a time; must not block.
 *
 * <p>Values are one {@code int} for each bit (0 or 1) or register (0 to 65535).
 */
public interface Memory {

    /**
     * Reads neighbouring addresses, all at one point in time.
     *
     * @param into gets the values from index 0
     * @throws ExceptionResponse to refuse, for example an unknown unit or address
     */
    void read(int unit, Table table, int address, int count, int[] into) throws ExceptionResponse;

    /**
     * Writes neighbouring addresses, all or nothing.
     *
     * @param table {@link Table#COIL} or {@link Table#HOLDING}
     */
    void write(int unit, Table table, int address, int count, int[] values) throws ExceptionResponse;
}
