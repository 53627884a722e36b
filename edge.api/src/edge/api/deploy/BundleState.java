// SPDX-License-Identifier: Apache-2.0
package edge.api.deploy;

import java.util.List;

/**
 * One bundle of the running gateway.
 *
 * @param symbolicName its symbolic name
 * @param version its version
 * @param title its Bundle-Name, or the symbolic name
 * @param phase its state
 * @param origin where it comes from
 * @param startRequested whether it is meant to run
 * @param problems why it does not do its work, in plain words: unresolved requirements, an activator that threw, components
 *     that are unsatisfied or failed; empty when all is well
 * @param components its declarative services, one line each: name and state
 */
public record BundleState(String symbolicName, String version, String title, Phase phase, Origin origin,
                          boolean startRequested, List<String> problems, List<String> components) {

    public enum Phase {
        INSTALLED, RESOLVED, STARTING, ACTIVE, STOPPING
    }

    public enum Origin {
        /** Part of the framework and its services: changed only with the product image. */
        SYSTEM,
        /** Shipped with the product image: may be stopped and updated. */
        IMAGE,
        /** Deployed into this gateway. */
        DEPLOYED
    }
}
