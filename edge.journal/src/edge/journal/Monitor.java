// SPDX-License-Identifier: Apache-2.0
package edge.journal;

import edge.api.health.HealthReport;
import edge.api.health.HealthReport.Status;
import edge.api.journal.JournalRecord.Loss;
import edge.journal.format.Entry;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the journal tells about itself: counters, its failure, its damages. Any thread. */
final class Monitor {

    /** Is told the changes that people care about. Must not block. */
    interface Listener {
        void changed(Status status, String text);
    }

    private static final Logger LOG = LoggerFactory.getLogger(Monitor.class);

    final LongAdder appended = new LongAdder();
    final LongAdder refused = new LongAdder();
    final LongAdder syncs = new LongAdder();
    private final Map<Loss, LongAdder> losses = new ConcurrentHashMap<>();
    private final Listener listener;
    private final Map<String, HealthReport> warnings = new ConcurrentHashMap<>();
    private volatile Failure failure;
    private volatile Instant wellSince = Instant.now();

    Monitor(Listener listener) {
        this.listener = listener;
    }

    /** An entry is on disk. */
    void told(Append append) {
        if (append.entry instanceof Entry.Lost lost && !lost.revoked()) {
            long count = append.skip > 0 ? append.skip : lost.to() - lost.from() + 1;
            losses.computeIfAbsent(lost.reason(), key -> new LongAdder()).add(count);
        }
    }

    /** Records that the ledger told lost since start. */
    Map<Loss, Long> lost() {
        Map<Loss, Long> lost = new EnumMap<>(Loss.class);
        losses.forEach((reason, count) -> lost.put(reason, count.sum()));
        return lost;
    }

    /** Null if there is none. */
    Failure failure() {
        return failure;
    }

    /** Sets the failure; told once for each kind. */
    void failed(Failure newFailure) {
        Failure old = failure;
        if (old != null && old.kind() == newFailure.kind() && old.quota() == newFailure.quota()) {
            return;
        }
        failure = newFailure;
        LOG.error("{} {}", newFailure.reason(), newFailure.remedy(), newFailure.exception().getCause());
        listener.changed(Status.CRITICAL, newFailure.reason() + " " + newFailure.remedy());
    }

    void healed() {
        Failure old = failure;
        if (old != null) {
            failure = null;
            wellSince = Instant.now();
            LOG.info("The journal takes records again; since {} it did not: {}", old.since(), old.reason());
            listener.changed(Status.OK, "The journal takes records again.");
        }
    }

    /** Something that people care about, and that needs no action. */
    void tell(Status level, String text) {
        LOG.warn("{}", text);
        listener.changed(level, text);
    }

    /**
     * Somebody should look, until it is {@link #settled}.
     *
     * @param subject what the warning is about; a newer one replaces the one before
     */
    void warn(String subject, String reason, String remedy) {
        HealthReport old = warnings.get(subject);
        if (old == null || !old.reason().equals(reason)) {
            Instant since = old == null ? Instant.now() : old.since();
            warnings.put(subject, new HealthReport(Status.WARN, since, reason, remedy));
            LOG.warn("{} {}", reason, remedy);
            listener.changed(Status.WARN, reason);
        }
    }

    /** A warning is over. */
    void settled(String subject) {
        HealthReport old = warnings.remove(subject);
        if (old != null) {
            LOG.info("No longer: {}", old.reason());
        }
    }

    HealthReport report() {
        Failure now = failure;
        if (now != null) {
            return new HealthReport(Status.CRITICAL, now.since(), now.reason(), now.remedy());
        }
        return warnings.values().stream().min(Comparator.comparing(HealthReport::since))
            .orElse(new HealthReport(Status.OK, wellSince, "", ""));
    }
}
