// SPDX-License-Identifier: Apache-2.0
package edge.api.gateway;

import java.time.Instant;

/**
 * One instant as this gateway saw it, on both of its clocks.
 *
 * @param monotonicNanos nanoseconds since the boot named by {@link GatewayClock#bootId()}; never goes back within a boot
 * @param wall the wall clock, UTC
 * @param confidence how far {@code wall} can be believed
 */
public record Moment(long monotonicNanos, Instant wall, ClockConfidence confidence) {
}
