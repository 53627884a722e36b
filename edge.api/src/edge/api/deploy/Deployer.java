// SPDX-License-Identifier: Apache-2.0
package edge.api.deploy;

import edge.api.access.Caller;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Changes the set of bundles and configurations of the running gateway, as transactions: verified, planned, applied, watched
 * for a while, then kept or undone. What is in force is kept outside of the framework's cache, so that the cache may be
 * deleted at any time. Safe on every thread; no method waits for a deployment.
 */
@ProviderType
public interface Deployer {

    /** Every bundle, by symbolic name. */
    List<BundleState> bundles();

    /**
     * Verifies a request and tells what it would do. Touches nothing. A {@link Change.Fetch} is not fetched: its plan says
     * only that.
     */
    DeploymentPlan plan(DeploymentRequest request);

    /**
     * Plans and carries out a request. One at a time; later ones wait, and are refused when too many do.
     *
     * @throws edge.api.access.AccessDeniedException if the caller is no engineer
     */
    Deployment apply(DeploymentRequest request, Caller caller);

    /**
     * Confirms a deployment that awaits it.
     *
     * @return empty if it is confirmed; else why it is not, as a sentence: there is no such deployment, or an uplink that was
     *     connected before it is not connected
     * @throws edge.api.access.AccessDeniedException if the caller is no engineer
     */
    Optional<String> confirm(String id, Caller caller);

    /**
     * Undoes a deployment that is watched or awaits its confirmation, at once, and takes one back that has not begun.
     *
     * @return empty if it is going to be undone; else why it is not, as a sentence
     * @throws edge.api.access.AccessDeniedException if the caller is no engineer
     */
    Optional<String> undo(String id, Caller caller);

    /** What {@link #rollback} to that generation would do. */
    DeploymentPlan planRollback(long generation);

    /**
     * Brings back the bundles and configurations of a kept generation, as a deployment like any other.
     *
     * @throws edge.api.access.AccessDeniedException if the caller is no engineer
     */
    Deployment rollback(long generation, String why, Caller caller);

    /** Deployments that have not come to their end, in the order in which they are carried out. */
    List<DeploymentState> running();

    /** What became of deployments, the newest first. Survives restarts. */
    List<DeploymentReport> history(int limit);

    /** The generations that are kept, the newest first. */
    List<Generation> generations();

    /**
     * What differs between two kept generations, one line an element: bundles, then configurations with their lines, secrets
     * masked.
     *
     * @throws IllegalArgumentException if one of them is not kept
     */
    List<String> compare(long from, long to);
}
