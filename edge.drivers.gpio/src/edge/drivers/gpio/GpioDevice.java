// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio;

import edge.api.device.DeviceInfo;
import edge.api.device.FieldDevice;
import edge.api.device.LinkState;
import edge.api.device.LinkState.Phase;
import edge.api.device.Reading;
import edge.api.device.Scan;
import edge.api.device.Tag;
import edge.api.gateway.Gateway;
import edge.api.health.Events;
import edge.api.health.HealthCheck;
import edge.api.health.HealthReport;
import edge.api.health.HealthReport.Status;
import edge.api.uplink.Uplinks;
import edge.api.value.Value;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
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
 * The lines of one configuration {@code edge.drivers.gpio~NAME} as a device: each line is a tag, a counter may have a second
 * for its rate.
 */
@Component(name = GpioConfig.PID, service = {FieldDevice.class, HealthCheck.class}, immediate = true,
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = GpioConfig.class, factory = true)
public final class GpioDevice implements FieldDevice, HealthCheck {

    private static final Logger LOG = LoggerFactory.getLogger(GpioDevice.class);
    private static final Duration LOSS_SHOWN = Duration.ofMinutes(5);

    private final DeviceInfo info;
    private final GpioProvider provider;
    private final List<Tag> tags;
    private final Lines lines;
    private final Run run;
    private final SerialExecutor executor;
    private final WriteQueue writes;
    private final GpioLink link;
    private final List<Observer> observers = new CopyOnWriteArrayList<>();
    private final Instant created = Instant.now();
    private volatile Instant lastLoss = Instant.MIN;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    private volatile Events events;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    private volatile Uplinks uplinks;

    @Activate
    public GpioDevice(GpioConfig config, Map<String, Object> properties, @Reference Heads heads,
                      @Reference Gateway gateway) {
        this(Instances.name(GpioConfig.PID, properties), config, Instances.text(GpioConfig.PID, properties), heads,
            Backoff.standard(), gateway.data().resolve("drivers").resolve(GpioConfig.PID));
    }

    /** @param folder where the device keeps what it remembers from one run to the next */
    GpioDevice(String name, GpioConfig config, String text, Heads heads, Backoff backoff, Path folder) {
        List<LineConfig> configs = Instances.read(GpioConfig.PID, name, text, LineParser::parse);
        provider = GpioProvider.ofLabel(config.provider()).orElseThrow(() -> new IllegalArgumentException(
            GpioConfig.PID + "~" + name + ": provider must be " + GpioProvider.NAMES + ", not " + config.provider()));
        info = new DeviceInfo(name, GpioConfig.PID, address(provider, config), config.description());
        List<Point> points = Point.of(configs);
        tags = points.stream().map(Point::tag).toList();
        executor = new SerialExecutor("edge-gpio-" + name);
        writes = new WriteQueue(executor, subject());
        lines = new Lines(configs, executor, this::publish);
        run = new Run(lines, configs, new Notebook(folder.resolve(name + ".json")));
        Heads.Wanted wanted = new Heads.Wanted(provider, config.path(), name, configs);
        link = new GpioLink(lines, points, () -> heads.open(wanted, run.followsCrash()), executor, backoff,
            new UplinkWatch(() -> uplinks)::lostFor, new Told(), this::publish);
    }

    private static String address(GpioProvider provider, GpioConfig config) {
        return switch (provider) {
            case CHARDEV -> "gpio chardev " + config.chip();
            case LINUXFS -> "gpio linuxfs " + config.path();
            case GPIOD -> "gpio gpiod";
            case MOCK -> "gpio mock (simulated)";
        };
    }

    @Activate
    void start() {
        LOG.info("{} with {} lines through {}", subject(), lines.size(), provider.label());
        executor.run(() -> {
            run.begin(executor);
            link.connect();
        });
    }

    @Deactivate
    void stop() {
        executor.close(() -> {
            link.close();
            run.end();
        });
        observers.clear();
        LOG.info("{} ended", subject());
    }

    @Override
    public DeviceInfo info() {
        return info;
    }

    @Override
    public List<Tag> tags() {
        return tags;
    }

    @Override
    public LinkState link() {
        return link.state();
    }

    @Override
    public Scan prepare(List<Tag> wanted) {
        int[] indexes = wanted.stream().mapToInt(this::indexOf).toArray();
        return executor.scan(wanted, () -> link.read(indexes));
    }

    private int indexOf(Tag tag) {
        int index = tags.indexOf(tag);
        if (index < 0) {
            throw new IllegalArgumentException("device " + info.name() + " has no tag " + tag.name());
        }
        return index;
    }

    @Override
    public CompletionStage<Void> write(Tag tag, Value value) {
        int index = indexOf(tag);
        return writes.add(tag, () -> link.write(index, fitting(tag, value)));
    }

    private static Value fitting(Tag tag, Value value) {
        String refusal = switch (tag.type()) {
            case BOOL -> value instanceof Value.Bool ? "" : "takes true or false, not " + value;
            case UINT64 -> value instanceof Value.Unsigned count && count.bits() >= 0 ? "" : "takes a count, not " + value;
            default -> value instanceof Value.Real real && real.value() >= 0 && Double.isFinite(real.value()) ? ""
                : "takes a number of 0 or more, not " + value;
        };
        if (!refusal.isEmpty()) {
            throw new IllegalArgumentException(refusal);
        }
        return value;
    }

    @Override
    public Observation observe(Consumer<List<Reading>> listener) {
        Observer observer = new Observer(listener);
        executor.run(() -> {
            observers.add(observer);
            if (link.state().phase() != Phase.CONNECTING) {
                observer.tell(link.current());
            }
            if (observer.closed) {
                observers.remove(observer);
            }
        });
        return observer;
    }

    private void publish(List<Reading> readings) {
        for (Observer observer : observers) {
            observer.tell(readings);
        }
    }

    @Override
    public String subject() {
        return "device " + info.name();
    }

    @Override
    public HealthReport check() {
        LinkState state = link.state();
        if (state.phase() == Phase.DISCONNECTED) {
            return new HealthReport(Status.WARN, state.since(), state.detail(), "See the reason; it is tried again by itself.");
        }
        if (lastLoss.isAfter(Instant.now().minus(LOSS_SHOWN))) {
            return new HealthReport(Status.WARN, lastLoss, link.lostEdges() + " edges were lost: they came faster than the"
                + " gateway takes them.", "Set debounce for the line that chatters.");
        }
        if (provider == GpioProvider.MOCK) {
            return new HealthReport(Status.WARN, created, "The values are simulated: the provider is mock.",
                "On a real board set provider to chardev.");
        }
        return new HealthReport(Status.OK, state.since(), "", "");
    }

    /** Pulls a simulated input, one level after the other without a pause. For tests. */
    CompletionStage<Void> simulate(int index, boolean... levels) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        executor.run(() -> {
            link.simulate(index, levels);
            done.complete(null);
        });
        return done;
    }

    private void event(Status level, String text) {
        Events target = events;
        if (target != null) {
            target.add(level, subject(), text);
        }
    }

    /** One who observes the lines that report by themselves. */
    private final class Observer implements Observation {
        private final Consumer<List<Reading>> listener;
        private volatile boolean closed;

        private Observer(Consumer<List<Reading>> listener) {
            this.listener = listener;
        }

        private void tell(List<Reading> readings) {
            if (closed || readings.isEmpty()) {
                return;
            }
            try {
                listener.accept(readings);
            } catch (RuntimeException e) {
                LOG.error("{}: whoever observes it failed", subject(), e);
            }
        }

        @Override
        public void close() {
            closed = true;
            observers.remove(this);
        }
    }

    /** Tells people what the link tells. */
    private final class Told implements GpioLink.Owner {

        @Override
        public void connected() {
            run.claimed();
            LOG.info("{} has its lines ({})", subject(), info.address());
            boolean simulated = provider == GpioProvider.MOCK;
            event(simulated ? Status.WARN : Status.OK, simulated ? "Connected through the provider mock: its values are"
                + " simulated." : "Connected through the provider " + provider.label() + ".");
        }

        @Override
        public void disconnected(String reason) {
            LOG.warn("{} is disconnected and will try again: {}", subject(), reason);
            event(Status.WARN, "Disconnected: " + reason + ".");
        }

        @Override
        public void edgesLost(long total) {
            if (lastLoss.isBefore(Instant.now().minus(LOSS_SHOWN))) {
                LOG.warn("{} has lost {} edges so far: they come faster than the gateway takes them", subject(), total);
                event(Status.WARN, total + " edges were lost: they came faster than the gateway takes them.");
            }
            lastLoss = Instant.now();
        }
    }
}
