// SPDX-License-Identifier: Apache-2.0
package edge.broker.net;

import edge.api.gateway.GatewayClock;
import edge.broker.Alarms;
import edge.broker.Counters;
import edge.broker.Settings;
import edge.broker.bus.IngestBus;
import edge.broker.bus.SerialLoop;
import edge.broker.session.Sessions;

/** What every connection shares. */
public record Hub(Settings settings, SerialLoop loop, Sessions sessions, IngestBus bus, GatewayClock clock,
                  Counters counters, Alarms alarms, Login login, Peers peers, Wills wills, Openings openings, ClientLog log) {
}
