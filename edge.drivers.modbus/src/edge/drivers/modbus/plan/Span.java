// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.plan;

import edge.drivers.modbus.codec.Table;

/**
 * The bits or registers that one tag occupies.
 *
 * @param address of the first, as in the protocol, from 0
 * @param length how many, at least 1
 */
public record Span(Table table, int address, int length) {

    public Span {
        if (address < 0 || length < 1 || address + length > Table.SIZE) {
            throw new IllegalArgumentException(length + " addresses from " + address + " do not lie within 0 to "
                + (Table.SIZE - 1));
        }
    }

    /** The address behind the last one. */
    public int end() {
        return address + length;
    }
}
