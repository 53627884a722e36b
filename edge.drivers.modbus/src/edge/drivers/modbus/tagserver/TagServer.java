// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.tagserver;

import edge.api.config.Configurations;
import edge.api.config.Problem;
import edge.api.device.TagTable;
import edge.api.gateway.Gateway;
import edge.api.health.HealthCheck;
import edge.api.health.HealthReport;
import edge.api.health.HealthReport.Status;
import edge.drivers.modbus.server.Memory;
import edge.drivers.modbus.server.ModbusServer;
import edge.drivers.modbus.tls.TlsSettings;
import edge.json.JsonException;
import edge.json.JsonParser;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One server of a configuration {@code edge.drivers.modbus.server~NAME}. As long as it cannot listen it tries again, in the
 * thread {@code edge-modbus-server-NAME}, which ends as soon as it does.
 */
@Component(name = TagServerConfig.PID, service = HealthCheck.class, configurationPolicy = ConfigurationPolicy.REQUIRE,
    immediate = true)
@Designate(ocd = TagServerConfig.class, factory = true)
public final class TagServer implements HealthCheck {
    private static final Logger LOG = LoggerFactory.getLogger(TagServer.class);
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final String name;
    private final TagServerConfig config;
    private final Predicate<InetAddress> peers;
    private final Optional<TlsSettings> tls;
    private final Memory memory;
    private final Thread opener;
    private ModbusServer server; // guarded by this
    private boolean closed; // guarded by this
    private volatile String problem = "";
    private volatile Instant since = Instant.now();

    /** @throws IllegalArgumentException if the configuration is wrong; the message names the place */
    @Activate
    public TagServer(@Reference TagTable tags, @Reference Gateway gateway, TagServerConfig config,
        Map<String, Object> properties) {
        String pid = String.valueOf(properties.get("service.pid"));
        this.name = pid.substring(pid.indexOf('~') + 1);
        this.config = config;
        this.tls = config.keyStore().isEmpty() ? Optional.empty() : Optional.of(new TlsSettings(
            Optional.of(gateway.data().resolve(config.caFile())), Optional.of(gateway.data().resolve(config.keyStore())),
            config._keyStorePassword()));
        this.peers = tls.isPresent() && config.peers().length == 0 ? peer -> true : new PeerList(List.of(config.peers()));
        String text = String.valueOf(properties.get(Configurations.TEXT_PROPERTY));
        for (Problem wrong : new TagServerCheck().check(name, text)) {
            throw new IllegalArgumentException("Modbus server " + name + ": " + wrong);
        }
        this.memory = new TagMemory(map(text), tags, config.unit(), config.whenBad().equals("last"));
        this.opener = new Thread(this::open, "edge-modbus-server-" + name);
        opener.setDaemon(true);
        opener.start();
    }

    @Deactivate
    void close() {
        ModbusServer open;
        synchronized (this) {
            closed = true;
            open = server;
        }
        LockSupport.unpark(opener);
        if (open != null) {
            open.close();
        }
        try {
            opener.join(TimeUnit.SECONDS.toMillis(2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The port that it listens on; 0 while it does not. */
    synchronized int port() {
        return server == null ? 0 : server.port();
    }

    @Override
    public String subject() {
        return "Modbus server " + name;
    }

    @Override
    public HealthReport check() {
        return problem.isEmpty() ? new HealthReport(Status.OK, since, "", "")
            : new HealthReport(Status.WARN, since, problem, "Choose another host or port, or end what uses it; with TLS, look at the files that it names.");
    }

    private static List<MappedTag> map(String text) {
        try {
            return new TagMap(JsonParser.parse(text).asObject()).tags();
        } catch (JsonException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /** Files are read once, before the server listens. */
    private Supplier<Optional<SSLEngine>> security() throws IOException {
        if (tls.isEmpty()) {
            return Optional::empty;
        }
        SSLContext context = tls.get().context();
        return () -> Optional.of(TlsSettings.serverEngine(context));
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private void open() {
        while (!isClosed()) {
            try {
                Supplier<Optional<SSLEngine>> security = security();
                InetSocketAddress address = new InetSocketAddress(InetAddress.getByName(config.host()), config.port());
                synchronized (this) {
                    if (closed) {
                        return;
                    }
                    server = new ModbusServer(address, memory, config.maxConnections(), peers,
                        Duration.ofSeconds(config.idleTimeout()), security);
                }
                problem = "";
                since = Instant.now();
                LOG.info("Modbus server {} listens on {}", name, address);
                return;
            } catch (IOException e) {
                String why = "cannot listen on " + config.host() + ":" + config.port() + ": " + e.getMessage();
                if (!why.equals(problem)) {
                    LOG.warn("Modbus server {} {}; it tries again", name, why);
                    problem = why;
                    since = Instant.now();
                }
            }
            LockSupport.parkNanos(this, RETRY_NANOS);
        }
    }
}
