// SPDX-License-Identifier: Apache-2.0
package edge.api.deploy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Changes that are carried out together: all of them, or none.
 *
 * @param changes in the order in which they are wanted; bundles that need one another may come in any order
 * @param why one line for the history: what somebody wants with it; may be empty
 * @param probation how long the result is watched before it is kept; empty: as the gateway is configured. Zero keeps it as
 *     soon as it runs
 * @param confirmWithin the changes are undone unless somebody confirms them within this time after they were applied, and
 *     every uplink that was connected before is connected again. Zero: nobody has to. Empty: as the gateway is configured, if
 *     a person or a machine account asks for a change of what they may depend on to reach it (uplinks, broker, console); else
 *     nobody has to
 * @param allowDowngrade whether a bundle may be replaced by an older version of itself
 */
public record DeploymentRequest(List<Change> changes, String why, Optional<Duration> probation,
                                Optional<Duration> confirmWithin, boolean allowDowngrade) {

    public DeploymentRequest {
        changes = List.copyOf(changes);
        if (changes.isEmpty()) {
            throw new IllegalArgumentException("a deployment without a change");
        }
    }

    /** Changes with the gateway's own probation and confirmation, no downgrade. */
    public static DeploymentRequest of(String why, Change... changes) {
        return new DeploymentRequest(List.of(changes), why, Optional.empty(), Optional.empty(), false);
    }

    public DeploymentRequest withProbation(Duration time) {
        return new DeploymentRequest(changes, why, Optional.of(time), confirmWithin, allowDowngrade);
    }

    public DeploymentRequest withConfirmation(Duration time) {
        return new DeploymentRequest(changes, why, probation, Optional.of(time), allowDowngrade);
    }

    public DeploymentRequest withDowngrade() {
        return new DeploymentRequest(changes, why, probation, confirmWithin, true);
    }
}
