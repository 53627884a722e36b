// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.client;

import edge.drivers.modbus.codec.Framing;
import edge.drivers.modbus.tls.TlsSettings;
import java.util.Optional;

/** Where units are reached. Equal endpoints share one connection or bus. */
public sealed interface Endpoint {

    /** The endpoint for people, as in {@code modbus-tcp://10.0.0.5:502}. */
    String describe();

    /** Whether unit id 0 means every unit at once, and nobody answers. */
    default boolean hasBroadcast() {
        return this instanceof Serial;
    }

    /** A host in the network. */
    sealed interface Network extends Endpoint {

        /** Name or address. */
        String host();

        int port();

        /** {@link Framing#MBAP} for Modbus TCP, {@link Framing#RTU} for RTU over TCP. */
        Framing framing();

        /** How it is encrypted; empty if it is not. */
        Optional<TlsSettings> tls();

        @Override
        default String describe() {
            return scheme() + "://" + (host().indexOf(':') >= 0 ? "[" + host() + "]" : host()) + ":" + port();
        }

        /** What {@link #describe} begins with. */
        String scheme();
    }

    /**
     * A TCP connection.
     *
     * @param host name or address
     */
    record Tcp(String host, int port, Framing framing, Optional<TlsSettings> tls) implements Network {

        /** Plain Modbus TCP. */
        public static Tcp plain(String host, int port) {
            return new Tcp(host, port, Framing.MBAP, Optional.empty());
        }

        @Override
        public String scheme() {
            return tls.isPresent() ? "modbus-tls" : framing == Framing.MBAP ? "modbus-tcp" : "modbus-rtu-tcp";
        }
    }

    /**
     * Frames of Modbus TCP, each in a datagram of its own.
     *
     * @param host name or address
     */
    record Udp(String host, int port) implements Network {

        @Override
        public Framing framing() {
            return Framing.MBAP;
        }

        @Override
        public Optional<TlsSettings> tls() {
            return Optional.empty();
        }

        @Override
        public String scheme() {
            return "modbus-udp";
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
            return (line.framing() == Framing.ASCII ? "modbus-ascii://" : "modbus-rtu://") + port;
        }
    }
}
