// SPDX-License-Identifier: Apache-2.0
package edge.web.server;

import edge.api.health.Events;
import edge.api.health.HealthCheck;
import edge.api.health.HealthReport;
import edge.api.health.HealthReport.Status;
import edge.web.http.Call;
import edge.web.http.Gate;
import edge.web.http.Router;
import edge.web.http.Sessions;
import edge.web.parts.Parts;
import edge.web.parts.Parts.Part;
import edge.web.rest.Api;
import edge.web.rest.Uploads;
import edge.web.server.HttpsListener.ListenException;
import edge.web.stream.LiveStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The console and the REST API behind one HTTPS port. A port that cannot be opened is tried again until it can; the rest of
 * the gateway does not notice.
 */
@Component(name = ConsoleConfig.PID, service = HealthCheck.class, immediate = true,
    configurationPolicy = ConfigurationPolicy.OPTIONAL)
@Designate(ocd = ConsoleConfig.class)
public final class Console implements HealthCheck {
    private static final Logger LOG = LoggerFactory.getLogger(Console.class);
    private static final long FIRST_RETRY_SECONDS = 1;
    private static final long LAST_RETRY_SECONDS = 30;
    private static final long SWEEP_SECONDS = 5;
    private static final Duration EXPIRY_WARNING = Duration.ofDays(30);

    private final Parts parts;
    private final ConsoleConfig config;
    private final BundleContext context;
    private final Sessions sessions;
    private final LiveStream stream;
    private final ScheduledExecutorService timer;
    private volatile HealthReport report = new HealthReport(Status.WARN, Instant.now(), "The console is starting.", "");
    private volatile Optional<Instant> expires = Optional.empty();
    private Uploads uploads; // only used by the timer's thread, and after it has ended
    private HttpsListener listener; // likewise
    private boolean failed; // likewise

    @Activate
    public Console(@Reference Parts parts, ConsoleConfig config, BundleContext context) {
        this.parts = parts;
        this.config = config;
        this.context = context;
        this.sessions = new Sessions(Duration.ofMinutes(config.idleMinutes()), Duration.ofHours(config.sessionHours()));
        this.stream = new LiveStream(parts, sessions, config.maxStreams());
        this.timer = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, "edge-web-timer");
            thread.setDaemon(true);
            return thread;
        });
        timer.execute(() -> open(FIRST_RETRY_SECONDS));
    }

    @Deactivate
    void close() {
        timer.shutdownNow();
        try {
            if (!timer.awaitTermination(5, TimeUnit.SECONDS)) {
                LOG.warn("The console's timer did not end within 5 s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        stream.close();
        if (listener != null) {
            listener.close();
        }
        if (uploads != null) {
            try {
                uploads.clear();
            } catch (IOException e) {
                LOG.warn("Cannot delete the uploads in {}: {}", uploads.folder(), e.toString());
            }
        }
    }

    @Override
    public String subject() {
        return "console";
    }

    @Override
    public HealthReport check() {
        Optional<Instant> end = expires;
        if (report.status() == Status.OK && end.isPresent() && Instant.now().isAfter(end.get().minus(EXPIRY_WARNING))) {
            return new HealthReport(Status.WARN, end.get().minus(EXPIRY_WARNING),
                "The console's certificate expires at " + end.get() + ".",
                "Replace access/console.p12 in the data directory, or remove it for a new one, and restart.");
        }
        return report;
    }

    private void open(long retrySeconds) {
        Path data = parts.gateway().data();
        try {
            if (uploads == null) {
                uploads = new Uploads(data.resolve("tmp").resolve("uploads"));
            }
            Router router = Api.router(parts, sessions, uploads, stream, ConsoleFiles.description(context.getBundle()));
            ConsoleHandler handler = new ConsoleHandler(router, new Gate(parts.accounts(), sessions),
                new AssetHandler(ConsoleFiles.load(context.getBundle())), config.maxUploadMegabytes() * 1024L * 1024L,
                uploads.folder(), this::refused);
            listener = HttpsListener.open(new HttpsListener.Settings(config.host(), config.port(),
                config.maxConnections(), config.maxConnectionsPerAddress()), data, commonName(), handler);
            opened();
        } catch (ListenException | IOException | RuntimeException e) {
            // Interrupted, because the component is going: there is nothing to tell and nothing to retry.
            if (!timer.isShutdown()) {
                notOpened(e, retrySeconds);
            }
        }
    }

    private void opened() {
        expires = Optional.of(listener.x509().getNotAfter().toInstant());
        report = new HealthReport(Status.OK, Instant.now(), "", "");
        String host = config.host().isEmpty() || config.host().equals("0.0.0.0") ? "localhost" : config.host();
        LOG.info("The console is at https://{}:{}/ (certificate SHA-256 {})", host, listener.port(),
            listener.fingerprint());
        if (failed) {
            failed = false;
            event(Status.OK, "The console is reachable again.");
        }
        timer.scheduleWithFixedDelay(this::tick, LiveStream.TICK_MILLIS, LiveStream.TICK_MILLIS, TimeUnit.MILLISECONDS);
        timer.scheduleWithFixedDelay(this::sweep, SWEEP_SECONDS, SWEEP_SECONDS, TimeUnit.SECONDS);
    }

    private void notOpened(Exception e, long retrySeconds) {
        String reason = e instanceof ListenException ? e.getMessage() : "the console cannot start: " + e;
        if (!failed) {
            failed = true;
            if (e instanceof ListenException) {
                LOG.error("{}; trying again", capital(reason));
            } else {
                LOG.error("{}; trying again", capital(reason), e);
            }
            event(Status.CRITICAL, capital(reason) + ".");
            report = new HealthReport(Status.CRITICAL, Instant.now(), capital(reason) + ".",
                "It is tried again every " + LAST_RETRY_SECONDS + " s; nothing else is affected.");
        }
        timer.schedule(() -> open(Math.min(retrySeconds * 2, LAST_RETRY_SECONDS)), retrySeconds, TimeUnit.SECONDS);
    }

    private void refused(Call.Identity known, String method, String path, String why) {
        parts.find(Part.AUDIT).ifPresent(audit ->
            audit.record(known.caller(), method + " " + path, "", "refused: " + why));
    }

    private void tick() {
        try {
            stream.tick();
        } catch (RuntimeException e) {
            LOG.error("The live stream failed", e);
        }
    }

    private void sweep() {
        try {
            sessions.sweep();
            uploads.sweep();
            listener.sweep();
        } catch (IOException | RuntimeException e) {
            LOG.warn("Cleaning up failed: {}", e.toString());
        }
    }

    private void event(Status status, String text) {
        parts.find(Part.EVENTS).ifPresent((Events events) -> events.add(status, subject(), text));
    }

    private String commonName() {
        return "edge gateway " + parts.gateway().id().toString().substring(0, 8);
    }

    private static String capital(String sentence) {
        return Character.toUpperCase(sentence.charAt(0)) + sentence.substring(1);
    }
}
