// SPDX-License-Identifier: Apache-2.0
package edge.journal;

import edge.api.health.HealthReport;
import edge.api.health.HealthReport.Status;
import java.time.Instant;
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
    private final Listener listener;
    private volatile Failure failure;
    private volatile HealthReport damage;
    private volatile Instant wellSince = Instant.now();

    Monitor(Listener listener) {
        this.listener = listener;
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

    /** A cursor could not keep its mark, or data was damaged: somebody should look. */
    void warn(String reason, String remedy) {
        HealthReport old = damage;
        if (old == null || !old.reason().equals(reason)) {
            damage = new HealthReport(Status.WARN, Instant.now(), reason, remedy);
            LOG.warn("{} {}", reason, remedy);
            listener.changed(Status.WARN, reason);
        }
    }

    HealthReport report() {
        Failure now = failure;
        if (now != null) {
            return new HealthReport(Status.CRITICAL, now.since(), now.reason(), now.remedy());
        }
        HealthReport warning = damage;
        return warning != null ? warning : new HealthReport(Status.OK, wellSince, "", "");
    }
}
