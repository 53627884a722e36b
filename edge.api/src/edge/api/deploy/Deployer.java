// SPDX-License-Identifier: Apache-2.0
package edge.api.deploy;

import edge.api.access.Caller;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Changes the set of bundles of the running gateway. What is deployed is kept outside of the framework's cache, so that the
 * cache may be deleted at any time.
 */
@ProviderType
public interface Deployer {

    /** Every bundle, by symbolic name. */
    List<BundleState> bundles();

    /** Verifies a change and tells what it would do. Touches nothing. */
    DeploymentPlan plan(Change change);

    /**
     * Plans and carries out a change. One at a time; later ones wait.
     *
     * @return completes with what became of it, on the deployer's thread; never fails
     * @throws edge.api.access.AccessDeniedException if the caller is no engineer
     */
    CompletionStage<DeploymentReport> apply(Change change, Caller caller);

    /** The newest first. Survives restarts. */
    List<DeploymentReport> history(int limit);
}
