// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.client;

import edge.drivers.modbus.codec.Framing;
import java.util.Optional;

/** Where units are reached. Equal endpoints share one connection or bus. */
public sealed interface Endpoint {

    /** The endpoint for people, as in {@code modbus-tcp://10.0.0.5:502}. */
    String describe();

    /** Whether unit id 0 means every unit at once, and nobody answers. */
    default boolean hasBroadcast() {
        return this instanceof Serial;
    }

    /**
     * A TCP connection.
     *
     * @param host name or address
     * @param framing {@link Framing#MBAP} for Modbus TCP, {@link Framing#RTU} for RTU over TCP
     * @param tls how it is encrypted; empty if it is not
     */
    record Tcp(String host, int port, Framing framing, Optional<TlsSettings> tls) implements Endpoint {

        /** Plain Modbus TCP. */
        public static Tcp plain(String host, int port) {
            return new Tcp(host, port, Framing.MBAP, Optional.empty());
        }

        @Override
        public String describe() {
            String scheme = tls.isPresent() ? "modbus-tls" : framing == Framing.MBAP ? "modbus-tcp" : "modbus-rtu-tcp";
            return scheme + "://" + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
        }
    }

    /**
     * A serial port. Its settings are not part of what makes endpoints equal: one port is one bus.
     *
     * @param line how the port is set up
     */
    record Serial(String port, SerialLine line) implements Endpoint {

        @Override
        public String describe() {
            return "modbus-rtu://" + port;
        }
    }
}
