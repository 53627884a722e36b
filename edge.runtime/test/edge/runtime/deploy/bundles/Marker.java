// SPDX-License-Identifier: Apache-2.0
package edge.runtime.deploy.bundles;

import java.util.Hashtable;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Shows that it runs, and in which version, by a service. */
public final class Marker implements BundleActivator {

    @Override
    public void start(BundleContext context) {
        Hashtable<String, Object> properties = new Hashtable<>();
        properties.put("marker", context.getBundle().getSymbolicName() + " " + context.getBundle().getVersion());
        context.registerService(Runnable.class, () -> { }, properties);
    }

    @Override
    public void stop(BundleContext context) {
        // The service goes with the bundle.
    }
}
