// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.http;

import edge.api.uplink.Uplink;
import java.time.Duration;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Makes a bundle of the second target. */
public final class HttpActivator implements BundleActivator {

    @Override
    public void start(BundleContext context) {
        context.registerService(Uplink.class, new HttpUplink("http",
            Integer.getInteger("edge.test.http.port"), Duration.ofSeconds(20)), null);
    }

    @Override
    public void stop(BundleContext context) {
        // The framework takes the service back, and the connector closes it.
    }
}
