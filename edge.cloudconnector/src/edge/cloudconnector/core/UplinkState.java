// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.core;

import edge.api.gateway.GatewayClock;
import edge.api.health.HealthReport;
import edge.api.health.HealthReport.Status;
import edge.api.journal.Cursor.Backlog;
import edge.api.uplink.UplinkStatus;
import edge.api.uplink.UplinkStatus.Phase;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** The state of one uplink. The pump's thread changes it, every thread may read it. */
final class UplinkState {

    /** A connection that is away for less is nobody's business. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final String name;
    private final String address;
    private final GatewayClock clock;
    private final Announcer announcer;

    // All guarded by this.
    private Phase phase = Phase.CONNECTING;
    private Instant since;
    private String detail = "";
    /** Why it is not connected; null while it is, or while no attempt has failed. */
    private Trouble trouble;
    /** Since when it is connected, or is not. */
    private Instant turned;
    private long turnedNanos = System.nanoTime();
    private Rejection rejection;
    private Instant rejectedSince;
    private int inFlight;
    private long delivered;
    private long rejected;
    private Instant lastDelivery;

    UplinkState(String name, String address, GatewayClock clock, Announcer announcer) {
        this.name = name;
        this.address = address;
        this.clock = clock;
        this.announcer = announcer;
        this.since = clock.now().wall();
        this.turned = since;
    }

    void connecting() {
        enter(Phase.CONNECTING, trouble == null ? "" : trouble.sentence() + ". Trying again now");
    }

    void connected() {
        announcer.connected();
        synchronized (this) {
            trouble = null;
            turn();
            enter(Phase.CONNECTED, "");
        }
    }

    /** @param wait until the next attempt */
    void backingOff(Trouble why, Duration wait) {
        announcer.trouble(why);
        synchronized (this) {
            if (phase == Phase.CONNECTED || phase == Phase.BACKING_OFF && trouble == null) {
                turn();
            }
            trouble = why;
            enter(Phase.BACKING_OFF, why.sentence() + nextAttempt(wait));
        }
    }

    void paused() {
        announcer.paused();
        synchronized (this) {
            trouble = null;
            turn();
            enter(Phase.PAUSED, "An operator paused it; what is published meanwhile waits in the journal");
        }
    }

    /** A record was refused; the connection is there. */
    void rejected(Rejection now, Duration wait) {
        if (now.attempts() == 1 || now.attempts() == Rejection.FINAL) {
            announcer.trouble(now.trouble());
        }
        synchronized (this) {
            if (rejection == null) {
                rejectedSince = clock.now().wall();
            }
            if (now.attempts() == Rejection.FINAL) {
                rejected++;
            }
            rejection = now;
            enter(Phase.BACKING_OFF, now.trouble().sentence() + nextAttempt(wait));
        }
    }

    /** What was refused is taken now, or nothing was. */
    void clearRejection() {
        Rejection taken;
        synchronized (this) {
            if (rejection == null) {
                return;
            }
            taken = rejection;
            rejection = null;
            enter(Phase.CONNECTED, "");
        }
        announcer.taken(taken);
    }

    synchronized Optional<Rejection> rejection() {
        return Optional.ofNullable(rejection);
    }

    synchronized void inFlight(int messages) {
        inFlight = messages;
    }

    synchronized void accepted(long messages, int stillInFlight, Instant at) {
        inFlight = stillInFlight;
        if (messages > 0) {
            delivered += messages;
            lastDelivery = at;
        }
    }

    synchronized UplinkStatus status(Backlog backlog) {
        return new UplinkStatus(name, address, phase, since, detail, backlog, inFlight, delivered, rejected,
            Optional.ofNullable(lastDelivery));
    }

    synchronized HealthReport health() {
        if (phase == Phase.PAUSED) {
            return new HealthReport(Status.WARN, since, "The uplink to " + address + " is paused",
                "Resume it when it may send again");
        } else if (rejection != null) {
            Trouble why = rejection.trouble();
            return new HealthReport(why.mustAct() ? Status.CRITICAL : Status.WARN, rejectedSince, why.reason(),
                why.remedy());
        } else if (trouble != null && trouble.mustAct()) {
            return new HealthReport(Status.CRITICAL, turned, trouble.reason(), trouble.remedy());
        } else if (phase != Phase.CONNECTED && System.nanoTime() - turnedNanos > PATIENCE.toNanos()) {
            return new HealthReport(Status.WARN, turned,
                trouble == null ? "Not connected to " + address : trouble.reason(),
                trouble == null ? "" : trouble.remedy());
        }
        return new HealthReport(Status.OK, turned, "", "");
    }

    private void turn() {
        turned = clock.now().wall();
        turnedNanos = System.nanoTime();
    }

    private synchronized void enter(Phase next, String why) {
        if (phase != next) {
            phase = next;
            since = clock.now().wall();
        }
        detail = why;
    }

    private String nextAttempt(Duration wait) {
        return ". Next attempt at " + clock.now().wall().plus(wait).truncatedTo(ChronoUnit.SECONDS);
    }
}
