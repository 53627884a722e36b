// SPDX-License-Identifier: Apache-2.0
package edge.web.support;

import edge.api.access.Accounts;
import edge.api.access.AuditLog;
import edge.api.config.ConfigurationImport;
import edge.api.config.Configurations;
import edge.api.deploy.Deployer;
import edge.api.device.TagTable;
import edge.api.device.TagWriter;
import edge.api.gateway.Gateway;
import edge.api.gateway.GatewayClock;
import edge.api.health.Events;
import edge.api.health.GatewayHealth;
import edge.api.health.HealthCheck;
import edge.api.health.HealthReport;
import edge.api.health.LogBook;
import edge.api.journal.Journal;
import edge.api.message.BrokerInfo;
import edge.api.trust.Provenance;
import edge.api.uplink.Uplinks;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import org.apache.felix.framework.Felix;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.ConfigurationAdmin;

/** The console's bundle as it ships, in Felix, on a free port, with the rest of the gateway played by fakes. */
public final class ConsoleFramework implements AutoCloseable {
    private static final List<String> SHARED = List.of("edge.api.access", "edge.api.config", "edge.api.deploy",
        "edge.api.device", "edge.api.gateway", "edge.api.health", "edge.api.journal", "edge.api.message",
        "edge.api.trust", "edge.api.uplink", "edge.api.value");

    static {
        // Jetty tells everything at DEBUG, which is logback's default.
        ((ch.qos.logback.classic.Logger) org.slf4j.LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME))
            .setLevel(ch.qos.logback.classic.Level.INFO);
    }

    public final FakeGateway gateway;
    public final FakeAccounts accounts = new FakeAccounts();
    public final FakeAudit audit = new FakeAudit();
    public final FakeField field = new FakeField();
    public final FakeRooms rooms = new FakeRooms();
    public final FakeDesired desired = new FakeDesired();
    public final FakeProvenance provenance = new FakeProvenance();
    private final Path folder;
    private final Felix felix;
    private final Bundle web;
    private final Map<Class<?>, ServiceRegistration<?>> services = new HashMap<>();
    private int port;

    /** Starts it with every part there, on a free port. */
    public ConsoleFramework(Path folder) throws Exception {
        this(folder, freePort(), Map.of());
    }

    /** @param more further attributes of the console's configuration */
    public ConsoleFramework(Path folder, int port, Map<String, Object> more) throws Exception {
        this.folder = folder;
        this.gateway = new FakeGateway(Files.createDirectories(folder.resolve("data")));
        StringBuilder packages = new StringBuilder("org.slf4j;version=2.0.17,org.slf4j.spi;version=2.0.17,"
            + "org.slf4j.event;version=2.0.17,org.slf4j.helpers;version=2.0.17,org.osgi.service.cm;version=1.6.1");
        SHARED.forEach(name -> packages.append(',').append(name).append(";version=0.1.0"));
        felix = new Felix(Map.of("org.osgi.framework.storage", folder.resolve("cache").toString(),
            "org.osgi.framework.storage.clean", "onFirstInit", "org.osgi.framework.system.packages.extra",
            packages.toString()));
        felix.start();
        BundleContext context = felix.getBundleContext();
        List<Bundle> bundles = new ArrayList<>();
        for (String type : List.of("org.osgi.util.function.Function", "org.osgi.util.promise.Promise",
            "org.osgi.service.component.ComponentContext", "org.apache.felix.scr.info.ScrInfo",
            "org.apache.felix.cm.PersistenceManager", "com.fasterxml.jackson.core.JsonFactory")) {
            bundles.add(context.installBundle("file:" + origin(type)));
        }
        bundles.add(context.installBundle("file:" + project("edge.json.Json")));
        web = context.installBundle("file:" + project("edge.web.http.Gate"));
        bundles.add(web);
        register(Gateway.class, gateway);
        register(Accounts.class, accounts);
        register(GatewayClock.class, gateway);
        register(GatewayHealth.class, gateway);
        register(Events.class, gateway);
        register(LogBook.class, gateway);
        register(AuditLog.class, audit);
        register(TagTable.class, field);
        register(TagWriter.class, field);
        register(Uplinks.class, rooms);
        register(BrokerInfo.class, rooms);
        register(Journal.class, rooms.journal());
        register(Configurations.class, desired);
        register(Deployer.class, desired);
        register(Provenance.class, provenance);
        for (Bundle bundle : bundles.subList(0, bundles.size() - 1)) {
            if (bundle.getHeaders().get("Fragment-Host") == null) {
                bundle.start();
            }
        }
        configure(port, more);
        web.start();
    }

    /** Configures the port and more, as the runtime's configuration loader does. */
    public void configure(int port, Map<String, Object> more) throws IOException {
        this.port = port;
        Dictionary<String, Object> properties = new Hashtable<>(more);
        properties.put("host", more.getOrDefault("host", "127.0.0.1"));
        properties.put("port", port);
        BundleContext context = felix.getBundleContext();
        ConfigurationAdmin admin = context.getService(context.getServiceReference(ConfigurationAdmin.class));
        admin.getConfiguration("edge.web", "?").update(properties);
    }

    public <T> void register(Class<T> type, T service) {
        services.put(type, felix.getBundleContext().registerService(type, service, null));
    }

    /** Adds what knows the lists of a PID in other formats. */
    public void registerImport(String pid, ConfigurationImport service) {
        Dictionary<String, Object> properties = new Hashtable<>(Map.of(ConfigurationImport.PID, pid));
        services.put(ConfigurationImport.class,
            felix.getBundleContext().registerService(ConfigurationImport.class, service, properties));
    }

    /** Takes a part of the gateway away. */
    public void unregister(Class<?> type) {
        services.remove(type).unregister();
    }

    public Bundle web() {
        return web;
    }

    public int port() {
        return port;
    }

    public Path data() {
        return gateway.data();
    }

    /** What the console says about itself. */
    public HealthReport health() throws Exception {
        for (ServiceReference<HealthCheck> reference : felix.getBundleContext()
            .getServiceReferences(HealthCheck.class, null)) {
            HealthCheck check = felix.getBundleContext().getService(reference);
            if (check != null && check.subject().equals("console")) {
                return check.check();
            }
        }
        return new HealthReport(HealthReport.Status.CRITICAL, java.time.Instant.now(), "no console", "");
    }

    /** Returns when the console says that it is reachable. */
    public ConsoleFramework untilReachable() throws Exception {
        until("the console to listen", () -> {
            try {
                return health().status() == HealthReport.Status.OK;
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        return this;
    }

    public static void until(String what, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("waited 20 s for " + what);
            }
            Thread.sleep(20);
        }
    }

    /** A port that nothing listens on, below those that the system gives to connections: none of them can take it meanwhile. */
    public static int freePort() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(20_000, 32_000);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException e) {
                // taken: another one
            }
        }
    }

    @Override
    public void close() throws BundleException {
        felix.stop();
        try {
            felix.waitForStop(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Where a class was loaded from. */
    private static Path origin(String type) throws Exception {
        return Path.of(Class.forName(type, false, ConsoleFramework.class.getClassLoader()).getProtectionDomain()
            .getCodeSource().getLocation().toURI());
    }

    /** The jar of the project that a class of its folder {@code bin} belongs to. */
    private static Path project(String type) throws Exception {
        Path classes = origin(type);
        return classes.resolveSibling("generated").resolve(classes.getParent().getFileName() + ".jar");
    }
}
