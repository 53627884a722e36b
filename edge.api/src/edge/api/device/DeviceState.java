// SPDX-License-Identifier: Apache-2.0
package edge.api.device;

import java.util.List;

/** A device as the gateway sees it now. The lists are snapshots; tags are in the device's own order. */
public record DeviceState(DeviceInfo info, LinkState link, List<TagState> tags, List<ScanStatistics> scans,
                          List<DeviceFact> facts) {

    /** Without facts. */
    public DeviceState(DeviceInfo info, LinkState link, List<TagState> tags, List<ScanStatistics> scans) {
        this(info, link, tags, scans, List.of());
    }
}
