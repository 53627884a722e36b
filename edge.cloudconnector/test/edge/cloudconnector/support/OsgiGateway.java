// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.support;

import edge.api.access.AuditLog;
import edge.api.gateway.Gateway;
import edge.api.gateway.GatewayClock;
import edge.api.health.Events;
import edge.api.journal.Journal;
import edge.api.uplink.UplinkStatus;
import edge.api.uplink.Uplinks;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/**
 * A framework with the two bundles of this room as they ship, declarative services and configuration around them, and what
 * the rest of the gateway would offer given as services by the test. The contracts come from the test's class path, so that
 * both sides share them.
 */
public final class OsgiGateway implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final List<String> BUNDLES = List.of("org.apache.felix.scr-", "org.apache.felix.configadmin-",
        "org.osgi.service.component-", "org.osgi.util.promise-", "org.osgi.util.function-",
        "jackson-core-");
    private static final List<String> CONTRACTS = List.of("access", "config", "deploy", "device", "gateway", "health", "journal",
        "message", "uplink", "value");

    private final Framework framework;
    private final List<Bundle> own = new ArrayList<>();

    public OsgiGateway(Path folder, TestGateway gateway, Journal journal) throws Exception {
        StringBuilder exports = new StringBuilder("org.slf4j;version=2.0.20,org.osgi.service.cm;version=1.6.1");
        for (String contract : CONTRACTS) {
            exports.append(",edge.api.").append(contract).append(";version=0.1.0");
        }
        framework = ServiceLoader.load(FrameworkFactory.class).findFirst().orElseThrow().newFramework(
            Map.of(Constants.FRAMEWORK_STORAGE, folder.resolve("framework").toString(),
                Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, exports.toString()));
        framework.start();
        BundleContext context = framework.getBundleContext();
        context.registerService(Journal.class, journal, null);
        context.registerService(Gateway.class, gateway, null);
        context.registerService(GatewayClock.class, gateway, null);
        context.registerService(Events.class, gateway.events(), null);
        context.registerService(AuditLog.class, gateway.audit(), null);
        List<Bundle> installed = new ArrayList<>();
        for (String name : BUNDLES) {
            installed.add(install(jar(name)));
        }
        Path room = Path.of(OsgiGateway.class.getProtectionDomain().getCodeSource().getLocation().toURI()).getParent();
        installed.add(install(room.resolveSibling("edge.json/generated/edge.json.jar")));
        own.add(install(room.resolve("generated/edge.cloudconnector.core.jar")));
        own.add(install(room.resolve("generated/edge.cloudconnector.mqtt.jar")));
        installed.addAll(own);
        for (Bundle bundle : installed) {
            bundle.start();
        }
    }

    private Bundle install(Path jar) throws BundleException, java.io.IOException {
        try (java.io.InputStream in = Files.newInputStream(jar)) {
            return framework.getBundleContext().installBundle(jar.toUri().toString(), in);
        }
    }

    /** The jar of the test's class path whose file name begins so. */
    private static Path jar(String name) throws java.io.IOException {
        return Collections.list(OsgiGateway.class.getClassLoader().getResources("META-INF/MANIFEST.MF")).stream()
            .map(URL::getPath).filter(path -> path.contains("/" + name))
            .map(path -> Path.of(URI.create(path.substring(0, path.indexOf('!'))))).findFirst()
            .orElseThrow(() -> new IllegalStateException("the class path has no " + name));
    }

    /** Adds a bundle. */
    public void installAndStart(Path jar) throws BundleException, java.io.IOException {
        install(jar).start();
    }

    /** The bundles {@code edge.cloudconnector.core} and {@code edge.cloudconnector.mqtt}. */
    public Bundle bundle(String name) {
        return own.stream().filter(bundle -> bundle.getSymbolicName().equals(name)).findFirst().orElseThrow();
    }

    public <T> T service(Class<T> type) throws Exception {
        BundleContext context = framework.getBundleContext();
        Until.holds(PATIENCE, () -> "no service " + type.getName(), () -> context.getServiceReference(type) != null);
        ServiceReference<T> reference = context.getServiceReference(type);
        return context.getService(reference);
    }

    public <T> List<T> services(Class<T> type) throws Exception {
        BundleContext context = framework.getBundleContext();
        return context.getServiceReferences(type, null).stream().map(context::getService).toList();
    }

    /** Puts an uplink's configuration in force, as the file {@code edge.cloudconnector.mqtt~NAME.cfg.json} would. */
    public Configuration uplink(String name, Map<String, Object> properties) throws Exception {
        return configure("edge.cloudconnector.mqtt", name, properties);
    }

    /** Puts a configuration in force, as the file {@code PID~NAME.cfg.json} would. */
    public Configuration configure(String pid, String name, Map<String, Object> properties) throws Exception {
        Configuration configuration = service(ConfigurationAdmin.class).getFactoryConfiguration(pid, name, "?");
        configuration.update(new Hashtable<>(properties));
        return configuration;
    }

    public UplinkStatus status(String name) throws Exception {
        // Kept as found: an uplink that is being configured anew leaves the list for a moment.
        AtomicReference<UplinkStatus> found = new AtomicReference<>();
        Uplinks uplinks = service(Uplinks.class);
        Until.holds(PATIENCE, uplinks::list, () -> {
            uplinks.list().stream().filter(one -> one.name().equals(name)).findFirst().ifPresent(found::set);
            return found.get() != null;
        });
        return found.get();
    }

    @Override
    public void close() throws Exception {
        framework.stop();
        framework.waitForStop(TimeUnit.SECONDS.toMillis(20));
    }
}
