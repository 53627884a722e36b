// SPDX-License-Identifier: Apache-2.0
/**
 * The traffic of a real device, recorded and played back: a tool for whoever writes or debugs a configuration far from the device.
 * Started by {@code ./edge modbus}; nothing of the gateway uses it.
 */
package edge.drivers.modbus.recording;
