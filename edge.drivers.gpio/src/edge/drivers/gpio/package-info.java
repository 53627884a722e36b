// SPDX-License-Identifier: Apache-2.0
/**
 * The GPIO driver: digital inputs and outputs through Pi4J.
 *
 * <p>One configuration {@code edge.drivers.gpio~NAME} makes one {@link edge.drivers.gpio.GpioDevice}. A device asks
 * {@link edge.drivers.gpio.Heads} for a {@link edge.drivers.gpio.Head}: the lines it has claimed, through the one provider
 * that its configuration names. Levels below the head are electrical; above it they are logical, after {@code activeLow}.
 *
 * <p>Threads: everything of a device happens on its own thread {@code edge-gpio-NAME}. Pi4J's threads and the watching
 * thread of {@code linuxfs} only put edges into the device's bounded queue.
 */
package edge.drivers.gpio;
