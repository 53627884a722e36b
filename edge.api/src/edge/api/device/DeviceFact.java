// SPDX-License-Identifier: Apache-2.0
package edge.api.device;

import edge.api.value.Value;

/**
 * Something that a driver knows about a device, for people and for monitoring: what the device tells about itself, or how its
 * line is doing.
 *
 * @param name dotted words in lower camel case, stable from one version to the next: {@code identification.vendor},
 *     {@code line.timeouts}. Counters only grow while the device's service lives.
 * @param value what is known; never {@link Value#NONE}
 * @param unit unit for people, may be empty
 */
public record DeviceFact(String name, Value value, String unit) {
}
