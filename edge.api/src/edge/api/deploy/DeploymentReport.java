// SPDX-License-Identifier: Apache-2.0
package edge.api.deploy;

import java.time.Duration;
import java.time.Instant;

/**
 * What became of a deployment.
 *
 * @param time when it began, UTC
 * @param caller who wanted it
 * @param summary what it was, as a sentence
 * @param outcome what became of it
 * @param detail why, in plain words; empty when {@link Outcome#DONE}
 * @param took how long
 */
public record DeploymentReport(Instant time, String caller, String summary, Outcome outcome, String detail,
                               Duration took) {

    public enum Outcome {
        /** Applied. */
        DONE,
        /** Refused before anything was touched. */
        REFUSED,
        /** Applied, did not work, and what was there before runs again. */
        ROLLED_BACK,
        /** Did not work, and the state before could not be restored entirely: the detail says what is left. */
        FAILED
    }
}
