// SPDX-License-Identifier: Apache-2.0
/**
 * The Modbus client: one selector thread for all connections over TCP and UDP, one thread for each serial bus.
 *
 * <p>Threads: {@link edge.drivers.modbus.client.ModbusClient} and {@link edge.drivers.modbus.client.Link} may be called on
 * any thread. Everything else lives on the thread {@code edge-modbus}, on which handlers and listeners are called too: they
 * must not block.
 */
package edge.drivers.modbus.client;
