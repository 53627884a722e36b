// SPDX-License-Identifier: Apache-2.0
package edge.runtime.testkit;

import edge.runtime.supervise.Supervision;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;

/** A real Felix in the test's JVM. The packages of the services' contracts come from the test's class path. */
public final class TestFramework implements AutoCloseable {
    private static final String SHARED = "org.osgi.service.cm;version=1.6.1, org.osgi.service.metatype;version=1.4.1,"
        + " org.osgi.service.component;version=1.5.1, org.osgi.service.component.runtime;version=1.5.1,"
        + " org.osgi.service.component.runtime.dto;version=1.5.1, org.osgi.util.promise;version=1.3.0,"
        + " org.osgi.util.function;version=1.2.0, org.osgi.service.log;version=1.5.0, org.slf4j;version=2.0.20";

    private final Framework framework;
    private final Supervision supervision;

    private TestFramework(Framework framework) {
        this.framework = framework;
        this.supervision = new Supervision(framework.getBundleContext());
    }

    /** @param services short names of the Felix bundles to start: {@code scr}, {@code configadmin}, {@code metatype} */
    public static TestFramework start(Path data, Path image, String... services) throws BundleException {
        return start(data, image, Map.of(), services);
    }

    /** @param more framework properties */
    public static TestFramework start(Path data, Path image, Map<String, String> more, String... services)
        throws BundleException {
        Map<String, String> properties = new HashMap<>(more);
        properties.put(Constants.FRAMEWORK_STORAGE, data.resolve("cache").toString());
        properties.put(Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT);
        properties.put(Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, SHARED);
        properties.put("felix.log.level", "0");
        properties.put("edge.data", data.toString());
        properties.put("edge.image", image.toString());
        Framework framework = new FrameworkFactory().newFramework(properties);
        framework.start();
        TestFramework started = new TestFramework(framework);
        for (String service : services) {
            started.install(jarOnClassPath("org.apache.felix." + service)).start();
        }
        return started;
    }

    private static Path jarOnClassPath(String name) {
        try {
            for (URL url : Collections.list(TestFramework.class.getClassLoader().getResources("META-INF/MANIFEST.MF"))) {
                String text = url.toString();
                if (text.contains("/" + name + "-")) {
                    return Path.of(URI.create(text.substring("jar:".length(), text.indexOf('!'))));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new IllegalStateException(name + " is not on the test's class path");
    }

    public BundleContext context() {
        return framework.getBundleContext();
    }

    /** One that supervises nothing. */
    public Supervision supervision() {
        return supervision;
    }

    public Bundle install(Path jar) throws BundleException {
        return context().installBundle(jar.toUri().toString());
    }

    public Bundle install(TestBundle bundle) throws BundleException {
        byte[] bytes = bundle.bytes();
        return context().installBundle("test:" + Arrays.hashCode(bytes), new ByteArrayInputStream(bytes));
    }

    public <T> T service(Class<T> type) {
        return context().getService(context().getServiceReference(type));
    }

    @Override
    public void close() throws BundleException {
        supervision.close();
        framework.stop();
        try {
            framework.waitForStop(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
