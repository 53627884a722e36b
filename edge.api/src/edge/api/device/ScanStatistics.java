// SPDX-License-Identifier: Apache-2.0
package edge.api.device;

import java.time.Duration;

/**
 * What the scan engine did for one device and one period since the device appeared.
 *
 * @param period the configured period
 * @param tags how many tags share it
 * @param completed scans that completed
 * @param overruns scans that were skipped because the one before was still running
 * @param last how long the last scan took
 */
public record ScanStatistics(Duration period, int tags, long completed, long overruns, Duration last) {
}
