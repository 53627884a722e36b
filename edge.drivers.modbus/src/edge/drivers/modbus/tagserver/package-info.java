// SPDX-License-Identifier: Apache-2.0
/**
 * The gateway's tags as a Modbus TCP server, so that an existing SCADA can read them. Off until configured; read-only.
 *
 * <p>Threads: requests are answered on the server's own thread from the tag table.
 */
package edge.drivers.modbus.tagserver;
