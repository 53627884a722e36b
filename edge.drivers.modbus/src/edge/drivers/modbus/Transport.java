// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus;

import edge.drivers.modbus.client.Endpoint;
import edge.drivers.modbus.client.SerialLine;
import edge.drivers.modbus.codec.Framing;
import edge.drivers.modbus.tls.TlsSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How devices are reached, and the endpoint that a configuration means. */
enum Transport {
    TCP, TLS, UDP, RTU_OVER_TCP, RTU, ASCII;

    /** The names, as in messages. */
    static final String LABELS = "tcp, tls, udp, rtu-over-tcp, rtu or ascii";

    private static final int PLAIN_PORT = 502;
    private static final int TLS_PORT = 802;

    /** The name in configuration files: {@code rtu-over-tcp}. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Optional<Transport> ofLabel(String label) {
        return Arrays.stream(values()).filter(transport -> transport.label().equals(label)).findFirst();
    }

    boolean isSerial() {
        return this == RTU || this == ASCII;
    }

    /**
     * @param data the gateway's data directory, for relative paths
     * @throws IllegalArgumentException if the configuration is wrong; the message names the attribute
     */
    static Endpoint endpoint(ModbusConfig config, Path data) {
        Transport transport = ofLabel(config.transport()).orElseThrow(() -> new IllegalArgumentException(
            "transport must be " + LABELS + ", not " + config.transport()));
        String missing = transport.isSerial() ? config.serialPort() : config.host();
        if (missing.isEmpty()) {
            throw new IllegalArgumentException((transport.isSerial() ? "serialPort" : "host") + " is missing");
        }
        int port = config.port() != 0 ? config.port() : transport == TLS ? TLS_PORT : PLAIN_PORT;
        return switch (transport) {
            case TCP -> Endpoint.Tcp.plain(config.host(), port);
            case RTU_OVER_TCP -> new Endpoint.Tcp(config.host(), port, Framing.RTU, Optional.empty());
            case TLS -> new Endpoint.Tcp(config.host(), port, Framing.MBAP, Optional.of(new TlsSettings(
                path(config.caFile(), data), path(config.keyStore(), data), config._keyStorePassword())));
            case UDP -> new Endpoint.Udp(config.host(), port);
            case RTU, ASCII -> new Endpoint.Serial(config.serialPort(), transport.line(config));
        };
    }

    private static Optional<Path> path(String text, Path data) {
        return text.isEmpty() ? Optional.empty() : Optional.of(data.resolve(text));
    }

    private SerialLine line(ModbusConfig config) {
        SerialLine.Parity parity = switch (config.parity()) {
            case "none" -> SerialLine.Parity.NONE;
            case "even" -> SerialLine.Parity.EVEN;
            case "odd" -> SerialLine.Parity.ODD;
            default -> throw new IllegalArgumentException("parity must be none, even or odd, not " + config.parity());
        };
        int stopBits = config.stopBits() != 0 ? config.stopBits() : parity == SerialLine.Parity.NONE ? 2 : 1;
        int dataBits = config.dataBits() != 0 ? config.dataBits() : this == ASCII ? 7 : 8;
        return new SerialLine(this == ASCII ? Framing.ASCII : Framing.RTU, config.baudRate(), dataBits, parity, stopBits,
            rs485(config), Duration.ofMillis(config.turnaround()), config.retries());
    }

    private static SerialLine.Rs485 rs485(ModbusConfig config) {
        return switch (config.rs485()) {
            case "off" -> SerialLine.Rs485.OFF;
            case "rts-high", "rts-low" -> new SerialLine.Rs485(true, config.rs485().equals("rts-high"),
                config.rs485Termination(), Duration.of(config.rs485DelayBefore(), ChronoUnit.MICROS),
                Duration.of(config.rs485DelayAfter(), ChronoUnit.MICROS));
            default -> throw new IllegalArgumentException("rs485 must be off, rts-high or rts-low, not " + config.rs485());
        };
    }
}
