// SPDX-License-Identifier: Apache-2.0
package edge.broker;

import edge.broker.net.ListenerSettings;
import edge.broker.net.TlsSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * How the broker is configured.
 *
 * @param listeners where clients connect; at least one
 * @param tls certificates of the listeners with TLS
 * @param folder where sessions and retained messages are kept
 * @param limits bounds on clients and sessions
 * @param connectTimeout how long a new connection may take until its session is open
 * @param acknowledgeTimeout how long a message may wait to be stored before its connection is closed
 * @param sessionExpiry how long a session outlives its connection at most
 */
public record Settings(List<ListenerSettings> listeners, TlsSettings tls, Path folder, Limits limits, Duration connectTimeout,
                       Duration acknowledgeTimeout, Duration sessionExpiry) {

    /**
     * @param maxPacketBytes largest packet that a client may send
     * @param maxConnections further ones are closed at once
     * @param maxPerAddress the same, for one address
     * @param messagesPerSecond a client that publishes faster is slowed down; 0 for no limit
     * @param inFlight most messages of QoS 1 and 2 that are sent to a client and not acknowledged
     * @param queueMessages most messages that a session holds in memory; newer ones are dropped
     * @param queueBytes most bytes of them
     * @param storedMessages most messages that wait in the journal for a session; newer ones are dropped
     */
    public record Limits(int maxPacketBytes, int maxConnections, int maxPerAddress, int messagesPerSecond, int inFlight,
                         int queueMessages, long queueBytes, int storedMessages) {

        public static final Limits DEFAULTS = new Limits(1 << 20, 1_000, 500, 20_000, 100, 1_000, 2L << 20, 100_000);
    }

    public int maxPacketBytes() {
        return limits.maxPacketBytes();
    }

    public int maxConnections() {
        return limits.maxConnections();
    }

    public int maxPerAddress() {
        return limits.maxPerAddress();
    }

    public int messagesPerSecond() {
        return limits.messagesPerSecond();
    }

    public int inFlight() {
        return limits.inFlight();
    }
}
