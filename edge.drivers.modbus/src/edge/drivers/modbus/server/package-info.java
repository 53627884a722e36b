// SPDX-License-Identifier: Apache-2.0
/**
 * A Modbus TCP server: what a device is to its client. It needs only the codec and TLS, so that other bundles can carry the three
 * packages. Whoever starts one without TLS must know that the protocol has no login.
 */
package edge.drivers.modbus.server;
