// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.core;

import java.time.Duration;

/**
 * The pump's patience and its bounds.
 *
 * @param firstDelay wait before the second attempt; doubles with each failure
 * @param longestDelay where the doubling ends
 * @param suspicious where it ends while the record is looked for at which the target closes the connection: everything else
 *     waits for that
 * @param opening how long a target may take to open or to fail before the pump gives it up
 * @param answer how long a target may take to answer for a batch before the pump takes the connection for broken; a guard
 *     behind the target's own time-out
 * @param draining how long what is under way may take to be answered when sending is to end
 * @param late what was appended at least that long before the connection was opened is historical
 * @param batchBytes a batch is closed when its payloads reach that many bytes
 * @param flightBytes no batch is begun while that many bytes are under way
 */
record Limits(Duration firstDelay, Duration longestDelay, Duration suspicious, Duration opening, Duration answer,
              Duration draining, Duration late, long batchBytes, long flightBytes) {

    static final Limits STANDARD = new Limits(Duration.ofSeconds(1), Duration.ofMinutes(1), Duration.ofSeconds(5),
        Duration.ofMinutes(3), Duration.ofMinutes(5), Duration.ofSeconds(1), Duration.ofSeconds(5), 512 * 1024,
        4 * 1024 * 1024);
}
