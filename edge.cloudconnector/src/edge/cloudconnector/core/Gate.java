// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.core;

import edge.api.gateway.ClockConfidence;
import edge.api.gateway.GatewayClock;
import edge.api.gateway.Moment;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Supplier;

/** Whether an uplink may be connected now, by its windows and its budget. For the pump's thread alone. */
final class Gate {

    private final GatewayClock clock;
    private final Traffic traffic;
    private final Supplier<DeliveryPolicy> rules;
    private DeliveryPolicy known;
    private Optional<Instant> openUntil = Optional.empty();
    private Instant checked = Instant.MIN;

    Gate(GatewayClock clock, Traffic traffic, Supplier<DeliveryPolicy> rules) {
        this.clock = clock;
        this.traffic = traffic;
        this.rules = rules;
    }

    /** Why it must not be connected now, and until when; empty if it may. */
    Optional<String> closed() {
        Moment now = clock.now();
        DeliveryPolicy policy = rules.get();
        if (policy.dailyBytes() > 0 && traffic.isSpent(policy.dailyBytes(), now.wall())) {
            return Optional.of("The budget of " + policy.dailyBytes() / 1000 + " kB for today is spent; it goes on at "
                + Traffic.midnight(now.wall()) + ". What is recorded meanwhile waits in the journal");
        }
        // A clock that was never set knows no hours: better connected at a wrong time than never.
        if (now.confidence() != ClockConfidence.UNSET && !isOpen(policy, now.wall())) {
            return Optional.of("Outside of its connection windows; the next one begins at "
                + policy.windows().nextOpening(now.wall()) + ". What is recorded meanwhile waits in the journal");
        }
        return Optional.empty();
    }

    /** Asked often: looked up once a minute, and when the rules change. */
    private boolean isOpen(DeliveryPolicy policy, Instant now) {
        Instant minute = now.truncatedTo(ChronoUnit.MINUTES);
        if (policy != known || !minute.equals(checked)) {
            known = policy;
            checked = minute;
            openUntil = policy.windows().openUntil(now);
        }
        return openUntil.map(now::isBefore).orElse(false);
    }
}
