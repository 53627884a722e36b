// SPDX-License-Identifier: Apache-2.0
package edge.api.device;

import edge.api.value.Value;
import java.time.Instant;

/**
 * One value of a tag.
 *
 * @param tag the tag
 * @param value the value; {@link Value#NONE} if there is none
 * @param quality how far it can be trusted
 * @param sourceTime when the value was true: the device's own time where it has one, else when the answer arrived
 */
public record Reading(Tag tag, Value value, Quality quality, Instant sourceTime) {
}
