// SPDX-License-Identifier: Apache-2.0
package edge.broker.net;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * How one listener is configured.
 *
 * @param name unique among the listeners, for people
 * @param host address to listen on
 * @param port 0 for any free one
 * @param anonymous whether clients without a user name may connect; takes effect on loopback only
 * @param certificates whether clients show certificates, on a protocol with TLS
 */
public record ListenerSettings(String name, Protocol protocol, String host, int port, boolean anonymous,
                               ClientCertificates certificates) {

    /** What is spoken. */
    public enum Protocol {
        MQTT(false, false), MQTTS(true, false), WS(false, true), WSS(true, true);

        private final boolean tls;
        private final boolean webSocket;

        Protocol(boolean tls, boolean webSocket) {
            this.tls = tls;
            this.webSocket = webSocket;
        }

        boolean hasTls() {
            return tls;
        }

        boolean isWebSocket() {
            return webSocket;
        }
    }

    /** Whether clients are asked for a certificate, which then says who they are. */
    public enum ClientCertificates {
        NONE, OPTIONAL, REQUIRED
    }

    public static ListenerSettings plain(String host, int port, boolean anonymous) {
        return new ListenerSettings("mqtt", Protocol.MQTT, host, port, anonymous, ClientCertificates.NONE);
    }

    /** Whether clients without a user name may connect: whoever reaches the listener is on this machine. */
    boolean anonymousAllowed() {
        return anonymous && isLoopback();
    }

    boolean isLoopback() {
        try {
            return !host.isEmpty() && InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
