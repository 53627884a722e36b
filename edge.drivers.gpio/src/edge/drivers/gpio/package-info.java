// SPDX-License-Identifier: Apache-2.0
/**
 * The GPIO driver: the lines of a board through Pi4J, and beside them chips on buses and PWM channels.
 *
 * <p>One configuration {@code edge.drivers.gpio~NAME} makes one {@link edge.drivers.gpio.GpioDevice}. A device asks
 * {@link edge.drivers.gpio.Heads} for a {@link edge.drivers.gpio.Head}: the lines it has claimed, through the one provider
 * that its configuration names. Levels below the head are electrical; above it they are logical, after {@code activeLow}.
 *
 * <p>Threads: everything of a device happens on its own thread {@code edge-gpio-NAME}. The reader of edges, Pi4J's threads and
 * the watching thread of {@code linuxfs} only put edges into the device's bounded queue; the reader also counts pulses.
 *
 * <p>{@code kernel} speaks to the kernel's character devices, {@code chardev} is a Pi4J provider on them, {@code polled} is
 * what devices without edges have in common, {@code register} and {@code pwm} are those devices.
 */
package edge.drivers.gpio;
