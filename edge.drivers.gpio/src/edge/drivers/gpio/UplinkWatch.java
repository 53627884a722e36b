// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio;

import edge.api.uplink.UplinkStatus;
import edge.api.uplink.Uplinks;
import java.time.Duration;
import java.util.function.Supplier;

/** How long no uplink has been connected; also while none is configured. One thread. */
final class UplinkWatch {

    private final Supplier<Uplinks> uplinks;
    private long lastConnected = System.nanoTime();

    /** @param uplinks gives null while there is no cloud connector */
    UplinkWatch(Supplier<Uplinks> uplinks) {
        this.uplinks = uplinks;
    }

    Duration lostFor() {
        Uplinks now = uplinks.get();
        if (now != null && now.list().stream().anyMatch(uplink -> uplink.phase() == UplinkStatus.Phase.CONNECTED)) {
            lastConnected = System.nanoTime();
        }
        return Duration.ofNanos(System.nanoTime() - lastConnected);
    }
}
