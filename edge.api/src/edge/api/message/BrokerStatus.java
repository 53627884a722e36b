// SPDX-License-Identifier: Apache-2.0
package edge.api.message;

import java.time.Instant;
import java.util.List;

/**
 * The local broker's state, for the console and for metrics. Counters count since the broker started.
 *
 * @param listeners every configured listener
 * @param clients who is connected now, by id
 * @param sessions sessions, connected or not
 * @param messagesIn messages that clients published and that were taken
 * @param messagesOut messages sent to clients
 * @param connectionsRefused connections that were refused: wrong credentials, limits, no MQTT
 * @param publishesRefused messages that clients published and that were refused: by the access rules, or by the journal
 * @param dropped messages that a local subscriber did not get because it was too slow or its queue was full
 */
public record BrokerStatus(List<Listener> listeners, List<Client> clients, int sessions, long messagesIn,
                           long messagesOut, long connectionsRefused, long publishesRefused, long dropped) {

    public BrokerStatus {
        listeners = List.copyOf(listeners);
        clients = List.copyOf(clients);
    }

    /**
     * @param address host and port, for people to read and to connect to
     * @param listening whether it accepts connections
     * @param problem why it does not listen and what to do, one sentence; empty if it does
     */
    public record Listener(String address, boolean listening, String problem) {
    }

    /**
     * @param id the MQTT client id
     * @param user name of the account
     * @param address where it comes from
     * @param since when it connected
     */
    public record Client(String id, String user, String address, Instant since) {
    }
}
