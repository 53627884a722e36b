// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.core;

import edge.api.gateway.GatewayClock;
import edge.api.journal.Journal;
import edge.api.uplink.Lane;
import edge.api.uplink.Uplink;
import java.util.List;
import java.util.function.Supplier;

/**
 * What outlives the connections of one uplink. For the pump's thread alone, but for the parts that say otherwise.
 *
 * @param flows its lanes; the order in which they are served
 */
record Line(Uplink uplink, Journal journal, GatewayClock clock, edge.api.journal.Lanes lanes, List<LaneFlow> flows,
            DeadLetters letters, Suspicion suspicion, Traffic traffic, UplinkState state, Backoff backoff, Inbox inbox,
            Limits limits, Supplier<DeliveryPolicy> rules) {

    DeliveryPolicy policy() {
        return rules.get();
    }

    LaneFlow flow(Lane lane) {
        return flows.get(lane.ordinal());
    }

    int batches() {
        return flows.stream().mapToInt(LaneFlow::batches).sum();
    }

    int messages() {
        return flows.stream().mapToInt(LaneFlow::messages).sum();
    }

    long bytes() {
        return flows.stream().mapToLong(LaneFlow::bytes).sum();
    }
}
