// SPDX-License-Identifier: Apache-2.0
/**
 * A Pi4J provider on the kernel's GPIO character device: it runs on any Linux board, x86-64 included, and needs no native
 * code but JNA's. One pair of providers serves one chip; Pi4J's address is the line's offset in it.
 *
 * <p>What Pi4J's configuration cannot say goes into its properties, whose keys are {@link
 * edge.drivers.gpio.chardev.ChardevInput#EDGE} and {@link edge.drivers.gpio.chardev.ChardevOutput#DRIVE}.
 */
package edge.drivers.gpio.chardev;
