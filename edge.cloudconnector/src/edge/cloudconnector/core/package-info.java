// SPDX-License-Identifier: Apache-2.0
/**
 * The way from the journal to the uplinks: one {@link edge.cloudconnector.core.Pump} for each, on a thread of its own.
 *
 * <p>A pump opens its uplink, and while that connection lasts a {@link edge.cloudconnector.core.Session} carries records. Its
 * {@link edge.cloudconnector.core.Sender} decides what goes next: live values first, the backlog beside them as far as it makes
 * nobody wait, and within the rules of a {@link edge.cloudconnector.core.DeliveryPolicy}. Each lane is a
 * {@link edge.cloudconnector.core.LaneFlow}, which moves the journal's mark over what the target has taken without a hole. What
 * breaks is sent again from the mark: everything arrives at least once, and the record's key drops the duplicates. A record that
 * the target refuses, or that makes it close the connection ({@link edge.cloudconnector.core.Suspicion}), is put aside by
 * {@link edge.cloudconnector.core.Parking} and never skipped in silence.
 */
package edge.cloudconnector.core;
