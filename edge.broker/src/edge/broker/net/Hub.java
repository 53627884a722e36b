// SPDX-License-Identifier: Apache-2.0
package edge.broker.net;

import edge.api.gateway.GatewayClock;
import edge.broker.Alarms;
import edge.broker.Counters;
import edge.broker.Settings;
import edge.broker.access.TopicRules;
import edge.broker.base.Loop;
import edge.broker.bus.IngestBus;
import edge.broker.session.Sessions;
import java.util.function.Supplier;

/** What every connection shares. */
public record Hub(Settings settings, Loop loop, Sessions sessions, IngestBus bus, GatewayClock clock, Counters counters,
                  Alarms alarms, Login login, Supplier<TopicRules> rules, Clients clients, Wills wills, Flusher flusher,
                  ClientLog log) {
}
