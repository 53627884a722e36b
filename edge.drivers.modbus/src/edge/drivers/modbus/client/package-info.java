// SPDX-License-Identifier: Apache-2.0
/**
 * The Modbus TCP client: one selector thread for all connections.
 *
 * <p>Threads: {@link edge.drivers.modbus.client.ModbusClient} and {@link edge.drivers.modbus.client.Link} may be called on
 * any thread. Everything else lives on the thread {@code edge-modbus}, on which handlers and listeners are called too: they
 * must not block.
 */
package edge.drivers.modbus.client;
