// SPDX-License-Identifier: Apache-2.0
package edge.web.support;

import edge.api.gateway.ClockConfidence;
import edge.api.gateway.Gateway;
import edge.api.gateway.GatewayClock;
import edge.api.gateway.Moment;
import edge.api.health.Events;
import edge.api.health.GatewayHealth;
import edge.api.health.HealthReport;
import edge.api.health.HealthReport.Status;
import edge.api.health.LogBook;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/** The gateway's identity, clock, health, events and log in memory. */
public final class FakeGateway implements Gateway, GatewayClock, GatewayHealth, Events, LogBook {
    private final UUID id = UUID.fromString("0f8fad5b-d9cb-469f-a165-70867728950e");
    private final Instant startedAt = Instant.now().minus(Duration.ofHours(53));
    private final Path data;
    private final List<Part> parts = new CopyOnWriteArrayList<>();
    private final List<Event> events = new CopyOnWriteArrayList<>();
    private final List<Line> lines = new CopyOnWriteArrayList<>();

    public FakeGateway(Path data) {
        this.data = data;
    }

    @Override
    public UUID id() {
        return id;
    }

    @Override
    public Labels labels() {
        return new Labels("northwind-water", "pumping-station-12-upper-valley", "gw-0042-control-cabinet-east");
    }

    @Override
    public String version() {
        return "0.1.0";
    }

    @Override
    public Instant startedAt() {
        return startedAt;
    }

    @Override
    public Path data() {
        return data;
    }

    @Override
    public Moment now() {
        return new Moment(System.nanoTime(), Instant.now(), ClockConfidence.PLAUSIBLE);
    }

    @Override
    public UUID bootId() {
        return id;
    }

    public void part(String subject, Status status, Duration ago, String reason, String remedy) {
        parts.removeIf(part -> part.subject().equals(subject));
        parts.add(new Part(subject, new HealthReport(status, Instant.now().minus(ago), reason, remedy)));
    }

    @Override
    public List<Part> parts() {
        return parts.stream().sorted(Comparator.comparing((Part part) -> part.report().status()).reversed()
            .thenComparing(Part::subject)).toList();
    }

    @Override
    public void add(Status level, String subject, String text) {
        events.add(0, new Event(Instant.now(), level, subject, text));
    }

    public void event(Duration ago, Status level, String subject, String text) {
        events.add(new Event(Instant.now().minus(ago), level, subject, text));
    }

    @Override
    public List<Event> recent(int limit) {
        return events.stream().limit(limit).toList();
    }

    public void line(Level level, String logger, String text, String trace) {
        lines.add(new Line(lines.size() + 1L, Instant.now(), level, logger, text, trace));
    }

    @Override
    public List<Line> lines(long after, Level atLeast, int limit) {
        List<Line> wanted = new ArrayList<>(lines.stream()
            .filter(line -> line.number() > after && line.level().compareTo(atLeast) >= 0).toList());
        return wanted.subList(Math.max(0, wanted.size() - limit), wanted.size());
    }
}
