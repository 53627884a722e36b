// SPDX-License-Identifier: Apache-2.0
package edge.api.device;

import java.time.Instant;

/**
 * The state of the link to a device.
 *
 * @param phase the state
 * @param since when it began
 * @param detail one sentence for people: why, and when the next attempt is; empty when connected
 */
public record LinkState(Phase phase, Instant since, String detail) {

    public enum Phase {
        CONNECTING,
        CONNECTED,
        /** Waiting for the next attempt. */
        DISCONNECTED
    }
}
