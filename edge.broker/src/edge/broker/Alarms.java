// SPDX-License-Identifier: Apache-2.0
package edge.broker;

import edge.api.health.Events;
import edge.api.health.HealthCheck;
import edge.api.health.HealthReport;
import edge.api.health.HealthReport.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is wrong with the broker now. Each change of state is logged and told once, however often it is reported. */
public final class Alarms implements HealthCheck {

    private static final Logger LOG = LoggerFactory.getLogger(Alarms.class);
    private static final String SUBJECT = "broker";
    /** How long something that happens again and again counts as still going on. */
    private static final Duration LINGER = Duration.ofMinutes(1);

    /** What can be wrong; the worse ones first. */
    public enum Kind {
        NOT_STARTED, NOT_LISTENING, NO_ACCOUNTS, NO_JOURNAL, JOURNAL_REFUSES, STATE_FAILS, STATE_DAMAGED, NO_RULES, CERTIFICATE,
        DROPPING, RETAINED_FULL
    }

    private record Alarm(HealthReport report, Instant last) {
    }

    private final Supplier<Optional<Events>> events;
    // guarded by itself
    private final Map<Kind, Alarm> active = new EnumMap<>(Kind.class);
    // guarded by active
    private Instant okSince = Instant.now();

    public Alarms(Supplier<Optional<Events>> events) {
        this.events = events;
    }

    /** Something is wrong, or still is. */
    public void raise(Kind kind, Status status, String reason, String remedy) {
        if (put(kind, status, reason, remedy)) {
            String text = reason + (remedy.isEmpty() ? "" : " " + remedy);
            if (status == Status.CRITICAL) {
                LOG.error("{}", text);
            } else {
                LOG.warn("{}", text);
            }
            events.get().ifPresent(e -> e.add(status, SUBJECT, text));
        }
    }

    /** Something is well again; says so if it was not. */
    public void clear(Kind kind, String recovery) {
        if (remove(kind)) {
            LOG.info("{}", recovery);
            events.get().ifPresent(e -> e.add(Status.OK, SUBJECT, recovery));
        }
    }

    /** A part that others provide is missing or there: health shows it, and nothing is said of the moments at start. */
    public void missing(Kind kind, boolean isMissing, String reason, String remedy) {
        if (isMissing) {
            put(kind, Status.CRITICAL, reason, remedy);
        } else {
            remove(kind);
        }
    }

    private boolean put(Kind kind, Status status, String reason, String remedy) {
        Instant now = Instant.now();
        synchronized (active) {
            expire(now);
            Alarm known = active.get(kind);
            Instant since = known == null ? now : known.report().since();
            active.put(kind, new Alarm(new HealthReport(status, since, reason, remedy), now));
            return known == null;
        }
    }

    private boolean remove(Kind kind) {
        synchronized (active) {
            if (active.remove(kind) == null) {
                return false;
            }
            okSince = Instant.now();
            return true;
        }
    }

    private void expire(Instant now) {
        if (active.values().removeIf(a -> a.report().status() == Status.WARN && a.last().plus(LINGER).isBefore(now))) {
            okSince = now;
        }
    }

    @Override
    public String subject() {
        return SUBJECT;
    }

    @Override
    public HealthReport check() {
        synchronized (active) {
            expire(Instant.now());
            return active.values().stream().map(Alarm::report)
                .max((a, b) -> a.status().compareTo(b.status()))
                .orElseGet(() -> new HealthReport(Status.OK, okSince, "", ""));
        }
    }
}
