// SPDX-License-Identifier: Apache-2.0
package edge.api.health;

import java.time.Instant;

/**
 * How one part of the gateway is.
 *
 * @param status the word
 * @param since when that status began
 * @param reason one sentence: what is wrong; empty when {@link Status#OK}
 * @param remedy one sentence: what to do; may be empty
 */
public record HealthReport(Status status, Instant since, String reason, String remedy) {

    public enum Status {
        /** Does its work. */
        OK,
        /** Does its work, but somebody should look: it retries, or is near a limit. */
        WARN,
        /** Does not do its work, or data is in danger: act. */
        CRITICAL
    }
}
