// SPDX-License-Identifier: Apache-2.0
package edge.runtime.scan;

import edge.api.device.DeviceInfo;
import edge.api.device.FieldDevice;
import edge.api.device.Tag;
import edge.api.gateway.GatewayClock;
import edge.api.health.Events;
import edge.api.health.HealthCheck;
import edge.api.health.HealthReport;
import edge.api.health.HealthReport.Status;
import edge.api.message.MessageBus;
import edge.runtime.base.Slack;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the devices that drivers register and has their tags read on time.
 *
 * <p>When a device goes, its tags become BAD, reason PAUSED, in the table and in the data. It stays in the table for
 * {@link #LINGER_NANOS}, so that the update of a driver is a pause and not a loss of what was known.
 */
@Component(immediate = true)
public final class ScanEngine implements HealthCheck, Slack {
    static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(30);

    private static final Logger LOG = LoggerFactory.getLogger(ScanEngine.class);
    private static final long LOOK_AT_LINKS_EVERY = TimeUnit.SECONDS.toNanos(1);

    private final GatewayClock clock;
    private final Schedule schedule;
    private final Executor beside;
    private final TagStore table;
    private final Events events;
    private final Publisher publisher = new Publisher();
    private final DriverFaults faults;
    private final ScanHealth health;
    private final Schedule.Entry linkWatch;
    private final Map<String, Running> running = new HashMap<>(); // guarded by this
    private final List<Refused> refused = new ArrayList<>(); // guarded by this
    private boolean closed; // guarded by this

    private record Running(FieldDevice driver, DeviceRecord device) {
    }

    /** @param name the device's name, empty if it has none */
    private record Refused(FieldDevice driver, String name, String why) {
    }

    @Activate
    public ScanEngine(@Reference GatewayClock clock, @Reference ScanTimer timer, @Reference TagStore table,
        @Reference Events events) {
        this(clock, timer.schedule(), timer.aside(), table, events);
    }

    ScanEngine(GatewayClock clock, Schedule schedule, Executor beside, TagStore table, Events events) {
        this.clock = clock;
        this.schedule = schedule;
        this.beside = beside;
        this.table = table;
        this.events = events;
        this.faults = new DriverFaults(events, schedule::now);
        this.health = new ScanHealth(publisher, faults);
        table.all().forEach(this::forgetLater);
        linkWatch = schedule.every(schedule.now() + LOOK_AT_LINKS_EVERY, LOOK_AT_LINKS_EVERY, (now, missed) -> lookAtLinks());
    }

    @Deactivate
    void close() {
        schedule.cancel(linkWatch);
        List<Running> all;
        synchronized (this) {
            closed = true;
            all = List.copyOf(running.values());
            running.clear();
            refused.clear();
        }
        all.forEach(this::pause);
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC,
        policyOption = ReferencePolicyOption.GREEDY)
    void setBus(MessageBus bus) {
        publisher.bus(bus);
    }

    void unsetBus(MessageBus bus) {
        publisher.noBus(bus);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addDevice(FieldDevice driver) {
        DeviceInfo info;
        List<Tag> tags;
        try {
            info = Objects.requireNonNull(driver.info(), "it gives no information about itself");
            tags = List.copyOf(driver.tags());
        } catch (RuntimeException | LinkageError e) {
            String why = "a device of " + driver.getClass().getName() + " cannot be used: " + Failures.text(e);
            synchronized (this) {
                refused.add(new Refused(driver, "", why));
            }
            tellRefused("", why);
            return;
        }
        admit(driver, info, tags);
    }

    void removeDevice(FieldDevice driver) {
        Running gone = null;
        Refused next = null;
        synchronized (this) {
            refused.removeIf(one -> one.driver == driver);
            for (Running one : running.values()) {
                gone = one.driver == driver ? one : gone;
            }
            if (gone == null) {
                return;
            }
            String name = gone.device.name();
            running.remove(name);
            for (Refused one : refused) {
                next = next == null && one.name.equals(name) ? one : next;
            }
            refused.remove(next);
        }
        pause(gone);
        forgetLater(gone.device);
        if (next != null) {
            addDevice(next.driver);
        }
    }

    @Override
    public String subject() {
        return "scan engine";
    }

    @Override
    public HealthReport check() {
        List<String> reasons;
        synchronized (this) {
            reasons = refused.stream().map(Refused::why).toList();
        }
        return health.report(reasons);
    }

    @Override
    public Duration slack() {
        long slack = Long.MAX_VALUE;
        for (DeviceRecord device : table.all()) {
            DeviceScanner scanner = device.scanner();
            slack = scanner == null ? slack : Math.min(slack, scanner.slack(schedule.now()));
        }
        return Duration.ofNanos(slack);
    }

    private void admit(FieldDevice driver, DeviceInfo info, List<Tag> tags) {
        Running admitted;
        String why = null;
        synchronized (this) {
            if (closed) {
                return;
            }
            Running holder = running.get(info.name());
            admitted = null;
            if (holder != null) {
                why = "there are two devices named " + info.name() + ": the one of driver " + holder.device.info().driver()
                    + " at " + holder.device.info().address() + " runs, the one of driver " + info.driver() + " at "
                    + info.address() + " is refused; rename one of them";
            } else {
                try {
                    DeviceRecord before = table.find(info.name());
                    admitted = new Running(driver, new DeviceRecord(info, tags, before, clock, table, publisher));
                    running.put(info.name(), admitted);
                } catch (IllegalArgumentException e) {
                    why = "device " + info.name() + " cannot be used: " + e.getMessage();
                }
            }
            if (admitted == null) {
                refused.add(new Refused(driver, info.name(), why));
            }
        }
        if (admitted == null) {
            tellRefused(info.name(), why);
        } else {
            begin(admitted);
        }
    }

    private void begin(Running admitted) {
        DeviceRecord device = admitted.device;
        DeviceScanner scanner = new DeviceScanner(admitted.driver, device, faults, schedule, beside);
        synchronized (this) {
            if (running.get(device.name()) != admitted) {
                return;
            }
            device.scanner(scanner);
            table.put(device);
        }
        scanner.begin();
        LOG.info("Device {} of driver {} with {} tags: {}", device.name(), device.info().driver(), device.size(),
            device.info().address());
    }

    private void tellRefused(String name, String why) {
        LOG.error("Refused: {}", why);
        events.add(Status.WARN, name.isEmpty() ? "devices" : "device " + name, why);
    }

    private void pause(Running gone) {
        DeviceScanner scanner = gone.device.scanner();
        gone.device.scanner(null);
        if (scanner != null) {
            scanner.close();
        }
    }

    private void forgetLater(DeviceRecord device) {
        schedule.at(schedule.now() + LINGER_NANOS, (now, missed) -> {
            if (device.scanner() == null && table.remove(device)) {
                LOG.info("Device {} is removed", device.name());
            }
        });
    }

    private void lookAtLinks() {
        for (DeviceRecord device : table.all()) {
            DeviceScanner scanner = device.scanner();
            if (scanner != null) {
                scanner.lookAtLink();
            }
        }
    }
}
