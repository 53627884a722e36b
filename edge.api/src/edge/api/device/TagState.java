// SPDX-License-Identifier: Apache-2.0
package edge.api.device;

import edge.api.gateway.Moment;

/**
 * The last known state of a tag.
 *
 * @param device the device's name
 * @param reading the newest reading; BAD, reason STALE, where the device has been silent for two periods
 * @param lastGood the newest GOOD reading; the same object while the newest is GOOD, and one with no value before the first
 * @param at when the gateway got the newest reading
 */
public record TagState(String device, Reading reading, Reading lastGood, Moment at) {
}
