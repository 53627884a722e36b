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
 * @param detail one sentence: why, and when the next attempt is; when {@link Phase#CONNECTED}, what is held up, mostly empty
 * @param backlog what lies in the journal and is not yet acknowledged by the target, in both lanes
 * @param historical the part of it that goes by the backlog lane
 * @param inFlight messages sent and not yet answered
 * @param delivered records accepted since the gateway started
 * @param rejected records put aside since the gateway started
 * @param deadLetters records that are put aside
 * @param lastDelivery when the target last accepted something
 * @param lastProbe when a probe last came back: what is sent then can be read by others; empty if it is not probed
 * @param traffic what it costs
 * @param replay what is sent again on request, if something is
 */
public record UplinkStatus(String name, String address, Phase phase, Instant since, String detail, Backlog backlog,
                           Backlog historical, int inFlight, long delivered, long rejected, int deadLetters,
                           Optional<Instant> lastDelivery, Optional<Instant> lastProbe, Traffic traffic,
                           Optional<Replay> replay) {

    public enum Phase {
        CONNECTING,
        /** It sends; with a probe: and what it sends can be read by others. */
        CONNECTED,
        /** Waiting for the next attempt. */
        BACKING_OFF,
        /** Outside of its connection windows, or its budget for the day is spent. */
        WAITING,
        /** An operator stopped it; nothing is lost. */
        PAUSED
    }

    /**
     * Payload bytes and about what their headers add, per day of UTC.
     *
     * @param today sent since midnight
     * @param forecast what the whole day will come to if it goes on as in the last hour
     * @param budget most that may be sent in a day; 0 if there is no limit
     */
    public record Traffic(long today, long forecast, long budget) {
    }

    /**
     * A replay on request.
     *
     * @param sent records that the target has taken again
     */
    public record Replay(Instant from, Instant until, long sent) {
    }
}
