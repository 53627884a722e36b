// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.core;

import edge.api.health.Events;
import edge.api.health.HealthReport.Status;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the log and the events what changed with one uplink: the change, not each failure. For the pump's thread alone. */
final class Announcer {

    private static final Logger LOG = LoggerFactory.getLogger(Announcer.class);

    private final String subject;
    private final String address;
    private final Supplier<Optional<Events>> events;
    /** The trouble that was told last; null if none is pending. */
    private Trouble told;
    private int failures;

    Announcer(String name, String address, Supplier<Optional<Events>> events) {
        this.subject = "uplink " + name;
        this.address = address;
        this.events = events;
    }

    void connected() {
        String text = "connected to " + address
            + (failures == 0 ? "" : " after " + failures + (failures == 1 ? " failure" : " failures"));
        LOG.info("{}: {}", subject, text);
        event(Status.OK, text);
        told = null;
        failures = 0;
    }

    void trouble(Trouble trouble) {
        failures++;
        if (told != null && told.mustAct() == trouble.mustAct()) {
            LOG.debug("{}: {}", subject, trouble.sentence());
            return;
        }
        told = trouble;
        if (trouble.mustAct()) {
            LOG.error("{}: {}", subject, trouble.sentence());
            event(Status.CRITICAL, trouble.sentence());
        } else {
            LOG.warn("{}: {}; it is tried again", subject, trouble.sentence());
            event(Status.WARN, trouble.sentence());
        }
    }

    /** What held up a lane is over. */
    void healed() {
        if (told != null) {
            LOG.info("{}: goes on", subject);
            event(Status.OK, "goes on");
        }
        told = null;
        failures = 0;
    }

    void parked(Trouble why) {
        LOG.error("{}: {}", subject, why.sentence());
        event(Status.WARN, why.sentence());
        told = null;
    }

    void waiting(String why) {
        LOG.info("{}: {}", subject, why);
        event(Status.OK, why);
        told = null;
        failures = 0;
    }

    void paused() {
        LOG.info("{}: paused", subject);
        event(Status.WARN, "paused by an operator; what is published meanwhile waits in the journal");
        told = null;
        failures = 0;
    }

    private void event(Status level, String text) {
        events.get().ifPresent(log -> log.add(level, subject, text));
    }
}
