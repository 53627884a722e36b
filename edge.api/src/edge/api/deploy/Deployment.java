// SPDX-License-Identifier: Apache-2.0
package edge.api.deploy;

import java.util.concurrent.CompletionStage;

/**
 * A deployment that was taken on.
 *
 * @param id its name in {@link Deployer#running()}, {@link Deployer#confirm}, {@link Deployer#undo} and the history
 * @param applied completes when the change is in force and is watched or awaits its confirmation, else with the outcome; on
 *     the deployer's thread, never fails
 * @param outcome completes with what became of it, on the deployer's thread, when it is kept, refused or undone; never fails
 */
public record Deployment(String id, CompletionStage<Void> applied, CompletionStage<DeploymentReport> outcome) {
}
