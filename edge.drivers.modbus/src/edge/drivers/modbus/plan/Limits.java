// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.plan;

import edge.drivers.modbus.codec.Table;

/**
 * What one request may do.
 *
 * @param maxGap how many registers that no tag needs may be read between two tags, rather than asking twice; 16 times as
 *     many bits
 * @param maxRegisters how many registers a request may read, 1 to 125; 16 times as many bits
 */
public record Limits(int maxGap, int maxRegisters) {
    private static final int BITS = 16;

    public static final Limits DEFAULT = new Limits(16, 125);

    public Limits {
        if (maxGap < 0 || maxRegisters < 1 || maxRegisters > Table.HOLDING.maxRead()) {
            throw new IllegalArgumentException("maxGap must be 0 or more and maxRegisters 1 to 125");
        }
    }

    int gap(Table table) {
        return table.isBits() ? maxGap * BITS : maxGap;
    }

    int size(Table table) {
        return table.isBits() ? maxRegisters * BITS : maxRegisters;
    }
}
