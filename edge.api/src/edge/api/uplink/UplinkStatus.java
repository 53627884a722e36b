// SPDX-License-Identifier: Apache-2.0
package edge.api.uplink;

import edge.api.journal.Cursor.Backlog;
import java.time.Instant;
import java.util.Optional;

/**
 * The state of one uplink.
 *
 * @param name its name
 * @param address where it goes
 * @param phase the state
 * @param since when that state began
 * @param detail one sentence: why, and when the next attempt is; empty when {@link Phase#CONNECTED}
 * @param backlog what lies in the journal and is not yet acknowledged by the target
 * @param inFlight messages sent and not yet answered
 * @param delivered messages accepted since the gateway started
 * @param rejected messages refused for ever since the gateway started
 * @param lastDelivery when the target last accepted something
 */
public record UplinkStatus(String name, String address, Phase phase, Instant since, String detail, Backlog backlog,
                           int inFlight, long delivered, long rejected, Optional<Instant> lastDelivery) {

    public enum Phase {
        CONNECTING, CONNECTED,
        /** Waiting for the next attempt. */
        BACKING_OFF,
        /** An operator stopped it; nothing is lost. */
        PAUSED
    }
}
