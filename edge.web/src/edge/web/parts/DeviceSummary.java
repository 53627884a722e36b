// SPDX-License-Identifier: Apache-2.0
package edge.web.parts;

import edge.api.device.DeviceInfo;
import edge.api.device.DeviceState;
import edge.api.device.LinkState;
import edge.api.device.Quality;
import edge.api.device.ScanStatistics;
import edge.api.device.TagState;

/**
 * A device in one line.
 *
 * @param tags how many it has
 * @param uncertain how many of those that can be read are UNCERTAIN now
 * @param bad how many of those that can be read are BAD now
 * @param overruns skipped scans since it appeared
 */
public record DeviceSummary(DeviceInfo info, LinkState link, int tags, int uncertain, int bad, long overruns) {

    public static DeviceSummary of(DeviceState device) {
        int uncertain = 0;
        int bad = 0;
        for (TagState tag : device.tags()) {
            Quality.Level level = tag.reading().quality().level();
            if (!tag.reading().tag().access().canRead()) {
                continue;
            }
            if (level == Quality.Level.UNCERTAIN) {
                uncertain++;
            } else if (level == Quality.Level.BAD) {
                bad++;
            }
        }
        return new DeviceSummary(device.info(), device.link(), device.tags().size(), uncertain, bad,
            device.scans().stream().mapToLong(ScanStatistics::overruns).sum());
    }
}
