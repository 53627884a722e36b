// SPDX-License-Identifier: Apache-2.0
package edge.runtime.deploy.bundles;

import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Does not return from its activator and does not listen to interrupts, until the test's JVM is told to let go. */
public final class Hangs implements BundleActivator {
    public static final String LET_GO = "edge.test.letGo";

    @Override
    public void start(BundleContext context) {
        while (!Boolean.getBoolean(LET_GO)) {
            Thread.onSpinWait();
            Thread.yield();
        }
    }

    @Override
    public void stop(BundleContext context) {
        // Was never started.
    }
}
