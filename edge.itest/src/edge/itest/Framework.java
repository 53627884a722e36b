// SPDX-License-Identifier: Apache-2.0
package edge.itest;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.util.tracker.ServiceTracker;

/** The framework that the tests run in. */
final class Framework {

    static final Duration PATIENCE = Duration.ofSeconds(60);

    private Framework() {
    }

    static BundleContext context() {
        return FrameworkUtil.getBundle(Framework.class).getBundleContext();
    }

    static Bundle bundle(String symbolicName) {
        for (Bundle bundle : context().getBundles()) {
            if (bundle.getSymbolicName().equals(symbolicName)) {
                return bundle;
            }
        }
        throw new AssertionError("there is no bundle " + symbolicName);
    }

    /** The service, as soon as it is there. */
    static <T> T service(Class<T> type) throws InterruptedException {
        ServiceTracker<T, T> tracker = new ServiceTracker<>(context(), type, null);
        tracker.open();
        try {
            T service = tracker.waitForService(PATIENCE.toMillis());
            if (service == null) {
                throw new AssertionError("there is no service " + type.getName());
            }
            return service;
        } finally {
            tracker.close();
        }
    }

    static void until(String what, Callable<Boolean> condition) throws Exception {
        untilNone(what, () -> condition.call() ? List.of() : List.of("not yet"));
    }

    /** Waits until nothing is left of what stands against it. */
    static void untilNone(String what, Callable<List<String>> left) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        List<String> now = left.call();
        while (!now.isEmpty()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("waited in vain for " + what + ": " + now);
            }
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
            now = left.call();
        }
    }
}
