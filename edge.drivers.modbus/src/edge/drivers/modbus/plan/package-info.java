// SPDX-License-Identifier: Apache-2.0
/**
 * Which requests read a set of tags: neighbours together, within limits, around the holes that a device turned out to have.
 * Knows no sockets and no clocks of its own. Not safe for several threads at a time.
 */
package edge.drivers.modbus.plan;
