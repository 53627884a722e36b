// SPDX-License-Identifier: Apache-2.0
/** Pulse-width modulation over the kernel's PWM sysfs, through Pi4J's linuxfs plugin. One configuration is one device. */
package edge.drivers.gpio.pwm;
