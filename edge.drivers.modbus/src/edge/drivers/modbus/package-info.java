// SPDX-License-Identifier: Apache-2.0
/**
 * The Modbus TCP driver: one {@link edge.api.device.FieldDevice} for each configuration {@code edge.drivers.modbus~NAME}.
 *
 * <p>{@code codec} knows the bytes, {@code client} the connections, {@code plan} which requests read which tags, and
 * {@code server} is the other side of the wire.
 */
package edge.drivers.modbus;
