// SPDX-License-Identifier: Apache-2.0
package edge.runtime.deploy.bundles;

import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Waits in its activator until somebody interrupts it. */
public final class Blocks implements BundleActivator {

    @Override
    public void start(BundleContext context) throws InterruptedException {
        synchronized (this) {
            while (true) {
                wait();
            }
        }
    }

    @Override
    public void stop(BundleContext context) {
        // Was never started.
    }
}
