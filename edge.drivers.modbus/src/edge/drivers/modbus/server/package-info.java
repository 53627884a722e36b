// SPDX-License-Identifier: Apache-2.0
/**
 * A Modbus TCP server: what a device is to its client. It needs only the codec, so that other bundles can carry both
 * packages. Whoever starts one must know that the protocol has no login.
 */
package edge.drivers.modbus.server;
