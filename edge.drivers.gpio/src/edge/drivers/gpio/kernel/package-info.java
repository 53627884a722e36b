// SPDX-License-Identifier: Apache-2.0
/**
 * The kernel's character devices for lines and buses, spoken to through JNA: GPIO (uAPI v2, Linux 5.10 and newer), I2C and
 * SPI. Structures are laid out by hand at the offsets of the kernel's headers, which a test compares with them: GPIO and
 * SPI have the same layout on 32 and 64 bit, I2C's contain pointers and have two.
 *
 * <p>Threads: objects of this package are used by one thread at a time, but for {@link
 * edge.drivers.gpio.kernel.EdgeReader}, which says so itself.
 */
package edge.drivers.gpio.kernel;
