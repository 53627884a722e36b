// SPDX-License-Identifier: Apache-2.0
/**
 * The way from the journal to the uplinks: one {@link edge.cloudconnector.core.Pump} for each, on a thread of its own.
 *
 * <p>A pump opens its uplink, and while that connection lasts a {@link edge.cloudconnector.core.Session} reads the cursor,
 * encodes, keeps the target's window full and moves the cursor over what the target has taken without a hole. What breaks
 * is sent again from the cursor: everything arrives at least once, and the record's key drops the duplicates. A record
 * that the target refuses is never skipped: it is tried alone, with back-off, and the state names it.
 */
package edge.cloudconnector.core;
