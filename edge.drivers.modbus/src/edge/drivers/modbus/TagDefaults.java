// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus;

import edge.drivers.modbus.codec.Order;
import edge.drivers.modbus.plan.Limits;

/**
 * What tags take from their device.
 *
 * @param addressBase what the first address of a table is called: 0 or 1
 * @param limits what one request may read
 */
record TagDefaults(int addressBase, Order byteOrder, Order wordOrder, Limits limits) {
}
