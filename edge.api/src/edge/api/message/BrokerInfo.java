// SPDX-License-Identifier: Apache-2.0
package edge.api.message;

import org.osgi.annotation.versioning.ProviderType;

/** Tells about the local MQTT broker. The broker room implements it; any thread may call it, and it never blocks. */
@ProviderType
public interface BrokerInfo {

    BrokerStatus status();

    /** What it does and what waits in it; at most a second old. */
    default BrokerFigures figures() {
        return BrokerFigures.NONE;
    }
}
