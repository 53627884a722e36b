// SPDX-License-Identifier: Apache-2.0
/** Modbus/TCP Security: TLS on channels that do not block, for the client and for the server. Lives on its user's thread. */
package edge.drivers.modbus.tls;
