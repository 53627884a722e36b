// SPDX-License-Identifier: Apache-2.0
package edge.api.message;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What the local broker does and what waits in it. Counters count since the broker started; rates are those of the last ten
 * seconds or so.
 *
 * @param connections open connections, signed in or not
 * @param sessions sessions, connected or not
 * @param subscriptions subscriptions of all sessions
 * @param retained retained messages that are kept
 * @param queued messages that wait for a session or are not acknowledged by it
 * @param messagesIn messages that clients published and that were taken
 * @param messagesOut messages sent to clients
 * @param bytesIn bytes of packets of clients
 * @param bytesOut bytes sent to clients
 * @param messagesInPerSecond rate of {@code messagesIn}
 * @param messagesOutPerSecond rate of {@code messagesOut}
 * @param dropped messages that a subscriber did not get
 * @param refusals what was refused and how often, by reason: connections, packets, publishes
 * @param latencyMedian from a message's arrival to its way to a subscriber, microseconds; 0 if there was none lately
 * @param latencyP99 the same, for 99 of 100
 * @param clients who is connected, by id
 */
public record BrokerFigures(int connections, int sessions, int subscriptions, int retained, long queued, long messagesIn,
                            long messagesOut, long bytesIn, long bytesOut, double messagesInPerSecond,
                            double messagesOutPerSecond, long dropped, Map<String, Long> refusals, long latencyMedian,
                            long latencyP99, List<ClientFigures> clients) {

    public BrokerFigures {
        refusals = Map.copyOf(refusals);
        clients = List.copyOf(clients);
    }

    /** Of a broker that is not there. */
    public static final BrokerFigures NONE = new BrokerFigures(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, Map.of(), 0, 0, List.of());

    /**
     * One connected client.
     *
     * @param id the MQTT client id
     * @param user name of the account
     * @param address where it comes from
     * @param listener the listener that it came through
     * @param since when it connected
     * @param version of MQTT: 3.1.1 or 5
     * @param messagesIn messages that it published in this connection
     * @param messagesOut messages that were sent to it
     * @param bytesIn bytes of its packets
     * @param bytesOut bytes that were sent to it
     * @param queued messages that wait for it or are not acknowledged
     * @param dropped messages of its session that it did not get
     */
    public record ClientFigures(String id, String user, String address, String listener, Instant since, String version,
                                long messagesIn, long messagesOut, long bytesIn, long bytesOut, int queued, long dropped) {
    }
}
