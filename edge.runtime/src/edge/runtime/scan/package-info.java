// SPDX-License-Identifier: Apache-2.0
/**
 * The scan engine, the table of last known values and the one way to write to the field.
 *
 * <p>Threads: {@code edge-scan} starts scans; what a driver answers is worked on by the driver's own thread, one batch of a
 * device after the other ({@link edge.runtime.scan.SerialLane}); the table is read by anybody without a lock.
 */
package edge.runtime.scan;
