// SPDX-License-Identifier: Apache-2.0
package edge.api.deploy;

import java.time.Instant;
import java.util.Optional;

/**
 * A deployment that has not come to its end.
 *
 * @param id its name
 * @param caller who wanted it
 * @param summary what it is, as a sentence
 * @param stage how far it is
 * @param since when that stage began, UTC
 * @param until when the stage ends at the latest, if it has an end
 */
public record DeploymentState(String id, String caller, String summary, Stage stage, Instant since,
                              Optional<Instant> until) {

    public enum Stage {
        /** Others come first. */
        QUEUED,
        FETCHING, VERIFYING, APPLYING,
        /** Applied; watched before it is kept. */
        PROBATION,
        /** Applied; undone unless {@link Deployer#confirm} is called in time. {@link Deployer#undo} does it at once. */
        AWAITING_CONFIRMATION,
        ROLLING_BACK
    }
}
