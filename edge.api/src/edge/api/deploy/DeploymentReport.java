// SPDX-License-Identifier: Apache-2.0
package edge.api.deploy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What became of a deployment.
 *
 * @param id names it for as long as the history has it
 * @param time when it was wanted, UTC
 * @param caller who wanted it
 * @param why what for, as the caller said; may be empty
 * @param summary what it was, as a sentence
 * @param outcome what became of it
 * @param detail why, in plain words; empty when {@link Outcome#DONE}
 * @param findings what somebody should know although it is done, or beside the reason: what was left behind, what waits
 * @param generation the generation it made; 0 if it made none
 * @param took how long, the probation not counted
 */
public record DeploymentReport(String id, Instant time, String caller, String why, String summary, Outcome outcome,
                               String detail, List<String> findings, long generation, Duration took) {

    public DeploymentReport {
        findings = List.copyOf(findings);
    }

    public enum Outcome {
        /** Applied and kept. */
        DONE,
        /** Refused before anything was touched. */
        REFUSED,
        /** Applied, did not work or was not confirmed, and what was there before runs again. */
        ROLLED_BACK,
        /** Did not work, and the state before could not be restored entirely: the detail says what is left. */
        FAILED
    }
}
