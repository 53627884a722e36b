// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.support;

import edge.api.access.AuditLog;
import edge.api.access.Caller;
import edge.api.device.Access;
import edge.api.device.Quality;
import edge.api.device.Reading;
import edge.api.device.ReportPolicy;
import edge.api.device.Tag;
import edge.api.gateway.ClockConfidence;
import edge.api.gateway.Gateway;
import edge.api.gateway.GatewayClock;
import edge.api.gateway.Moment;
import edge.api.health.Events;
import edge.api.health.HealthReport;
import edge.api.message.ScanMessage;
import edge.api.value.DataType;
import edge.api.value.Value;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/** A gateway around the connector: identity, clock, events and audit in memory. */
public final class TestGateway implements Gateway, GatewayClock {

    private final UUID id = UUID.randomUUID();
    private final UUID bootId = UUID.randomUUID();
    private final Path data;
    private volatile Labels labels = new Labels("acme", "hall-1", "gw-7");
    private final List<Events.Event> events = new CopyOnWriteArrayList<>();
    private final List<AuditLog.Entry> entries = new CopyOnWriteArrayList<>();

    public TestGateway(Path data) {
        this.data = data;
    }

    @Override
    public UUID id() {
        return id;
    }

    @Override
    public Labels labels() {
        return labels;
    }

    public void labels(Labels next) {
        labels = next;
    }

    @Override
    public String version() {
        return "0";
    }

    @Override
    public Instant startedAt() {
        return Instant.EPOCH;
    }

    @Override
    public Path data() {
        return data;
    }

    @Override
    public Moment now() {
        return new Moment(System.nanoTime(), Instant.now(), ClockConfidence.SYNCHRONISED);
    }

    /** A moment some time ago. */
    public Moment ago(Duration age) {
        return new Moment(System.nanoTime() - age.toNanos(), Instant.now().minus(age), ClockConfidence.SYNCHRONISED);
    }

    @Override
    public UUID bootId() {
        return bootId;
    }

    /** The events, kept without bound. */
    public Events events() {
        return new Events() {
            @Override
            public void add(HealthReport.Status level, String subject, String text) {
                events.add(new Event(Instant.now(), level, subject, text));
            }

            @Override
            public List<Event> recent(int limit) {
                return List.copyOf(events);
            }
        };
    }

    /** The audit log, kept without bound. */
    public AuditLog audit() {
        return new AuditLog() {
            @Override
            public void record(Caller caller, String action, String subject, String outcome) {
                entries.add(new Entry(Instant.now(), caller.name(), caller.origin(), action, subject, outcome));
            }

            @Override
            public List<Entry> recent(int limit) {
                return List.copyOf(entries);
            }
        };
    }

    /** A scan of one device with one reading. */
    public ScanMessage scan(String device, double value, Moment at) {
        Tag tag = new Tag("temperature", DataType.FLOAT64, "°C", Access.READ, Duration.ofSeconds(1),
            ReportPolicy.ALWAYS, "");
        return new ScanMessage(device, at, List.of(new Reading(tag, Value.real(value), Quality.GOOD, at.wall())));
    }

    /** A scan of one device, now, with several tags of one value. */
    public ScanMessage scan(String device, List<String> tags, double value) {
        Moment at = now();
        return new ScanMessage(device, at, tags.stream().map(name -> new Reading(new Tag(name, DataType.FLOAT64, "",
            Access.READ, Duration.ofSeconds(1), ReportPolicy.ALWAYS, ""), Value.real(value), Quality.GOOD, at.wall())).toList());
    }
}
