// SPDX-License-Identifier: Apache-2.0
/** Chips on I2C and SPI buses, whose registers are tags. One configuration is one chip and one device. */
package edge.drivers.gpio.register;
