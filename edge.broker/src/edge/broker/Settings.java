// SPDX-License-Identifier: Apache-2.0
package edge.broker;

import java.time.Duration;

/**
 * How the broker is configured.
 *
 * @param host address to listen on
 * @param port 0 for any free one
 * @param maxPacketBytes largest packet that a client may send
 * @param maxConnections further ones are closed at once
 * @param connectTimeout how long a new connection may take until its CONNECT is complete
 * @param acknowledgeTimeout how long a message may wait for the journal before its connection is closed
 * @param anonymousOnLoopback whether clients without a user name may connect, if the listener is on a loopback address
 */
public record Settings(String host, int port, int maxPacketBytes, int maxConnections, Duration connectTimeout,
                       Duration acknowledgeTimeout, boolean anonymousOnLoopback) {
}
