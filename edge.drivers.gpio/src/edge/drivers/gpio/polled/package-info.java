// SPDX-License-Identifier: Apache-2.0
/**
 * Devices whose tags are read and written one after the other, on a thread of the device: what the chips on a bus and the
 * channels of a PWM have in common. A {@link edge.drivers.gpio.polled.Cell} is one tag and how it is read and written.
 */
package edge.drivers.gpio.polled;
