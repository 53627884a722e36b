// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.core;

import edge.api.gateway.GatewayClock;
import edge.api.health.HealthReport;
import edge.api.health.HealthReport.Status;
import edge.api.journal.Cursor.Backlog;
import edge.api.uplink.Lane;
import edge.api.uplink.UplinkStatus;
import edge.api.uplink.UplinkStatus.Phase;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.Map;
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
    /** What holds up a lane while the connection is there. */
    private final Map<Lane, Trouble> heldUp = new EnumMap<>(Lane.class);
    private Instant heldSince;
    private int inFlight;
    private long delivered;
    private long rejected;
    private Instant lastDelivery;
    private Instant lastProbe;

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
            heldUp.clear();
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
            heldUp.clear();
            enter(Phase.BACKING_OFF, why.sentence() + ". Next attempt " + in(wait));
        }
    }

    void paused() {
        announcer.paused();
        rest(Phase.PAUSED, "An operator paused it; what is published meanwhile waits in the journal");
    }

    /** By its own rules it sends nothing now. */
    void waiting(String why) {
        announcer.waiting(why);
        rest(Phase.WAITING, why);
    }

    private synchronized void rest(Phase next, String why) {
        trouble = null;
        heldUp.clear();
        turn();
        enter(next, why);
    }

    /** The connection is there, but a lane does not go on. */
    void heldUp(Lane lane, Trouble why, boolean tell, Duration wait) {
        if (tell) {
            announcer.trouble(why);
        }
        synchronized (this) {
            if (heldUp.isEmpty()) {
                heldSince = clock.now().wall();
            }
            heldUp.put(lane, why);
            enter(Phase.CONNECTED, why.sentence() + ". Next attempt " + in(wait));
        }
    }

    /** A lane goes on again. */
    void goesOn(Lane lane) {
        synchronized (this) {
            if (heldUp.remove(lane) == null) {
                return;
            }
            enter(Phase.CONNECTED, heldUp.values().stream().findFirst().map(Trouble::sentence).orElse(""));
        }
        announcer.healed();
    }

    /** A record was put aside. */
    void parked(Trouble why) {
        announcer.parked(why);
        synchronized (this) {
            rejected++;
        }
    }

    synchronized void inFlight(int messages) {
        inFlight = messages;
    }

    synchronized void accepted(long records, int stillInFlight) {
        inFlight = stillInFlight;
        if (records > 0) {
            delivered += records;
            lastDelivery = clock.now().wall();
        }
    }

    synchronized void probed() {
        lastProbe = clock.now().wall();
    }

    synchronized UplinkStatus status(Backlog backlog, Backlog historical, int deadLetters, UplinkStatus.Traffic traffic,
        Optional<UplinkStatus.Replay> replay) {
        return new UplinkStatus(name, address, phase, since, detail, backlog, historical, inFlight, delivered, rejected,
            deadLetters, Optional.ofNullable(lastDelivery), Optional.ofNullable(lastProbe), traffic, replay);
    }

    synchronized HealthReport health(int deadLetters) {
        if (phase == Phase.PAUSED) {
            return new HealthReport(Status.WARN, since, "The uplink to " + address + " is paused",
                "Resume it when it may send again");
        } else if (!heldUp.isEmpty()) {
            Trouble why = heldUp.values().iterator().next();
            return new HealthReport(why.mustAct() ? Status.CRITICAL : Status.WARN, heldSince, why.reason(), why.remedy());
        } else if (trouble != null && trouble.mustAct()) {
            return new HealthReport(Status.CRITICAL, turned, trouble.reason(), trouble.remedy());
        } else if (phase != Phase.CONNECTED && phase != Phase.WAITING
            && System.nanoTime() - turnedNanos > PATIENCE.toNanos()) {
            return new HealthReport(Status.WARN, turned,
                trouble == null ? "Not connected to " + address : trouble.reason(),
                trouble == null ? "" : trouble.remedy());
        } else if (deadLetters > 0) {
            return new HealthReport(Status.WARN, turned, deadLetters == 1 ? "One record is put aside as a dead letter"
                : deadLetters + " records are put aside as dead letters",
                "Look at them, and replay or delete them");
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

    private String in(Duration wait) {
        return "at " + clock.now().wall().plus(wait).truncatedTo(ChronoUnit.SECONDS);
    }
}
