// SPDX-License-Identifier: Apache-2.0
package edge.demo.cloud;

import edge.api.device.Access;
import edge.api.device.DeviceException;
import edge.api.device.DeviceInfo;
import edge.api.device.FieldDevice;
import edge.api.device.LinkState;
import edge.api.device.LinkState.Phase;
import edge.api.device.Quality;
import edge.api.device.Quality.Reason;
import edge.api.device.Reading;
import edge.api.device.ReportPolicy;
import edge.api.device.Scan;
import edge.api.device.Tag;
import edge.api.health.Events;
import edge.api.health.HealthCheck;
import edge.api.health.HealthReport;
import edge.api.health.HealthReport.Status;
import edge.api.value.DataType;
import edge.api.value.Value;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stand-in cloud as the device {@code demo-cloud}. Writing false to its tag {@code link} makes it unreachable, writing true
 * brings it back; the other tags tell what it has received.
 */
@Component(name = CloudConfig.PID, service = {FieldDevice.class, HealthCheck.class}, immediate = true,
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = CloudConfig.class)
public final class CloudDevice implements FieldDevice, HealthCheck {

    static final String NAME = "demo-cloud";

    private static final Logger LOG = LoggerFactory.getLogger(CloudDevice.class);
    private static final int PASSWORD_LENGTH = 12;
    private static final long RETRY_SECONDS = 5;
    private static final Duration PERIOD = Duration.ofMillis(500);
    private static final String SWITCHED_OFF = "the demo cloud is switched off";

    /** A tag and where its value comes from. */
    private record Point(Tag tag, Function<CloudServer.Snapshot, Value> value) {
    }

    private static final List<Point> POINTS = List.of(
        point("link", DataType.BOOL, Access.READ_WRITE, "Whether the cloud can be reached: switch it off to cut it",
            now -> Value.of(now.listening())),
        point("clients", DataType.UINT32, Access.READ, "Connections", now -> Value.unsigned(now.clients())),
        point("received", DataType.UINT64, Access.READ, "Messages received", now -> Value.unsigned(now.totals().received())),
        point("historical", DataType.UINT64, Access.READ, "Of these, by the backlog lane",
            now -> Value.unsigned(now.totals().historical())),
        point("duplicates", DataType.UINT64, Access.READ, "Records that came more than once",
            now -> Value.unsigned(now.totals().duplicates())),
        point("missing", DataType.UINT64, Access.READ, "Gaps in the sequences: what has not come, or not yet",
            now -> Value.unsigned(now.totals().missing())),
        point("lost", DataType.UINT64, Access.READ, "Records that the gateway reported as lost",
            now -> Value.unsigned(now.totals().lost())),
        point("last-record", DataType.TEXT, Access.READ, "Stream and sequence of the newest record",
            now -> Value.text(now.totals().last())),
        point("last-sequence", DataType.UINT64, Access.READ, "Sequence of the newest record",
            now -> Value.unsigned(now.totals().lastSequence())));

    private final DeviceInfo info;
    private final CloudServer server;
    private final int wantedPort;
    private volatile LinkState link = new LinkState(Phase.CONNECTING, Instant.now(), "opening the port");
    // The server's thread only.
    private boolean cut;
    private boolean retryPlanned;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    private volatile Events events;

    @Activate
    public CloudDevice(CloudConfig config) {
        if (config.user() == null || config.user().isEmpty()) {
            throw new IllegalArgumentException(CloudConfig.PID + ": user is missing");
        }
        if (config._password() == null || config._password().length() < PASSWORD_LENGTH) {
            throw new IllegalArgumentException(CloudConfig.PID + ": .password must have at least " + PASSWORD_LENGTH
                + " characters");
        }
        wantedPort = config.port();
        info = new DeviceInfo(NAME, "edge.demo", "mqtt://127.0.0.1:" + wantedPort, "Stand-in cloud; write 'link' to cut it");
        server = new CloudServer(wantedPort, config.user(), config._password());
    }

    private static Point point(String name, DataType type, Access access, String description,
                               Function<CloudServer.Snapshot, Value> value) {
        return new Point(new Tag(name, type, "", access, PERIOD, ReportPolicy.ALWAYS, description), value);
    }

    @Activate
    void start() {
        server.run(this::open);
    }

    private void open() {
        retryPlanned = false;
        if (cut) {
            return;
        }
        server.open().whenComplete((done, problem) -> {
            if (problem == null) {
                connected();
            } else {
                disconnected(problem);
            }
        });
    }

    private void connected() {
        if (link.phase() != Phase.CONNECTED) {
            link = new LinkState(Phase.CONNECTED, Instant.now(), "");
            LOG.info("The demo cloud takes MQTT on 127.0.0.1:{}", server.port());
        }
    }

    private void disconnected(Throwable problem) {
        if (link.phase() != Phase.DISCONNECTED) {
            link = new LinkState(Phase.DISCONNECTED, Instant.now(), "the demo cloud cannot listen on 127.0.0.1:" + wantedPort
                + " (" + problem.getMessage() + "); free the port or set another one in " + CloudConfig.PID
                + " and in the uplink; tried again every " + RETRY_SECONDS + " s");
            LOG.error("{}", link.detail());
        }
        if (!retryPlanned) {
            retryPlanned = true;
            server.later(RETRY_SECONDS, this::open);
        }
    }

    /** The port it listens on, or 0 before it first did. */
    int port() {
        return server.port();
    }

    @Override
    public DeviceInfo info() {
        return info;
    }

    @Override
    public List<Tag> tags() {
        return POINTS.stream().map(Point::tag).toList();
    }

    @Override
    public LinkState link() {
        return link;
    }

    @Override
    public Scan prepare(List<Tag> wanted) {
        List<Point> points = wanted.stream().map(CloudDevice::pointOf).toList();
        return () -> {
            CompletableFuture<List<Reading>> result = new CompletableFuture<>();
            if (!server.run(() -> result.complete(read(points)))) {
                result.complete(points.stream().map(point -> new Reading(point.tag(), Value.NONE,
                    Quality.bad(Reason.PAUSED, SWITCHED_OFF), Instant.now())).toList());
            }
            return result;
        };
    }

    private static Point pointOf(Tag tag) {
        return POINTS.stream().filter(point -> point.tag().equals(tag)).findFirst().orElseThrow(
            () -> new IllegalArgumentException("device " + NAME + " has no tag " + tag.name()));
    }

    private List<Reading> read(List<Point> points) {
        CloudServer.Snapshot now = server.snapshot();
        Instant time = Instant.now();
        return points.stream().map(point -> new Reading(point.tag(), point.value().apply(now), Quality.GOOD, time)).toList();
    }

    @Override
    public CompletionStage<Void> write(Tag tag, Value value) {
        if (!pointOf(tag).tag().access().canWrite() || !(value instanceof Value.Bool reachable)) {
            return CompletableFuture.failedFuture(problem(Reason.REJECTED, tag, "takes true or false in the tag link only"));
        }
        CompletableFuture<Void> done = new CompletableFuture<>();
        if (!server.run(() -> change(tag, reachable.value(), done))) {
            done.completeExceptionally(problem(Reason.PAUSED, tag, SWITCHED_OFF));
        }
        return done;
    }

    private void change(Tag tag, boolean reachable, CompletableFuture<Void> done) {
        boolean changed = cut == reachable;
        cut = !reachable;
        (reachable ? server.open() : server.cut()).whenComplete((nothing, problem) -> {
            if (problem != null) {
                disconnected(problem);
                done.completeExceptionally(problem(Reason.REJECTED, tag, link.detail()));
                return;
            }
            connected();
            if (changed) {
                told(reachable);
            }
            done.complete(null);
        });
    }

    private void told(boolean reachable) {
        LOG.info("The demo cloud is {}", reachable ? "reachable again" : "cut off");
        Events target = events;
        if (target != null) {
            target.add(reachable ? Status.OK : Status.WARN, subject(), reachable ? "The demo cloud is reachable again."
                : "The demo cloud was cut off by a write to its tag link.");
        }
    }

    private static DeviceException problem(Reason reason, Tag tag, String what) {
        return new DeviceException(reason, "device " + NAME + ", tag " + tag.name() + ": " + what);
    }

    @Override
    public String subject() {
        return "device " + NAME;
    }

    @Override
    public HealthReport check() {
        LinkState now = link;
        return now.phase() == Phase.DISCONNECTED
            ? new HealthReport(Status.CRITICAL, now.since(), now.detail(), "")
            : new HealthReport(Status.OK, now.since(), "", "");
    }

    @Deactivate
    void stop() {
        server.close();
        LOG.info("The demo cloud ended");
    }
}
