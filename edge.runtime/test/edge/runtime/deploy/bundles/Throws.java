// SPDX-License-Identifier: Apache-2.0
package edge.runtime.deploy.bundles;

import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Fails to start. */
public final class Throws implements BundleActivator {

    @Override
    public void start(BundleContext context) {
        throw new IllegalStateException("no licence for this plant");
    }

    @Override
    public void stop(BundleContext context) {
        // Was never started.
    }
}
