// SPDX-License-Identifier: Apache-2.0
package edge.demo.plant;

import edge.api.health.HealthCheck;
import edge.api.health.HealthReport;
import edge.api.health.HealthReport.Status;
import edge.drivers.modbus.server.ModbusServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the simulated plant ten times a second on one thread, and lets it answer Modbus on loopback. */
@Component(name = PlantConfig.PID, service = HealthCheck.class, immediate = true,
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = PlantConfig.class)
public final class PlantServer implements HealthCheck {

    private static final Logger LOG = LoggerFactory.getLogger(PlantServer.class);
    private static final long STEP_MILLIS = 100;
    private static final long RETRY_SECONDS = 5;
    private static final long CLOSE_SECONDS = 3;
    private static final int CONNECTIONS = 16;

    private final int wantedPort;
    private final PlantMemory memory = new PlantMemory(System.nanoTime());
    private final ScheduledThreadPoolExecutor executor;
    private long lastStep = System.nanoTime();
    private volatile Optional<ModbusServer> server = Optional.empty();
    private volatile HealthReport health = new HealthReport(Status.OK, Instant.now(), "", "");

    @Activate
    public PlantServer(PlantConfig config) {
        wantedPort = config.port();
        executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "edge-demo-plant");
            thread.setDaemon(true);
            return thread;
        });
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    @Activate
    void start() {
        executor.execute(this::listen);
        executor.scheduleAtFixedRate(this::step, STEP_MILLIS, STEP_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void step() {
        long now = System.nanoTime();
        // After a pause of the machine the plant does not jump.
        memory.step(Math.min(1, (now - lastStep) / 1e9));
        lastStep = now;
    }

    private void listen() {
        try {
            ModbusServer opened = new ModbusServer(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), wantedPort), memory, CONNECTIONS);
            // Whoever sees the port sees also that all is well.
            health = new HealthReport(Status.OK, Instant.now(), "", "");
            server = Optional.of(opened);
            LOG.info("The demo plant answers Modbus TCP on 127.0.0.1:{}, units 1 and 2", opened.port());
        } catch (IOException e) {
            if (health.status() == Status.OK) {
                LOG.error("The demo plant cannot listen on 127.0.0.1:{} and tries again every {} s: {}", wantedPort,
                    RETRY_SECONDS, e.getMessage());
                health = new HealthReport(Status.CRITICAL, Instant.now(), "The demo plant cannot listen on 127.0.0.1:"
                    + wantedPort + ": " + e.getMessage() + ".", "Set another port in " + PlantConfig.PID
                    + " and in the plant's Modbus devices.");
            }
            executor.schedule(this::listen, RETRY_SECONDS, TimeUnit.SECONDS);
        }
    }

    /** The port it listens on, once it does. */
    Optional<Integer> port() {
        return server.map(ModbusServer::port);
    }

    @Override
    public String subject() {
        return "demo plant";
    }

    @Override
    public HealthReport check() {
        return health;
    }

    @Deactivate
    void stop() {
        executor.shutdown();
        try {
            if (!executor.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                executor.shutdownNow();
            }
        } catch (InterruptedException e) {
            executor.shutdownNow();
            Thread.currentThread().interrupt();
        }
        server.ifPresent(ModbusServer::close);
    }
}
