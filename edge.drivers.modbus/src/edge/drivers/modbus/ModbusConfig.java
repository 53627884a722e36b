// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/**
 * The scalar attributes of one device. The list {@code tags} is described by {@code schema/edge.drivers.modbus.schema.json}
 * and read by {@link TagListReader}.
 */
@ObjectClassDefinition(name = "Modbus device",
    description = "A device that is read and written over Modbus: TCP, with TLS, UDP, RTU over TCP, or a serial line. Its tags are"
        + " in the list 'tags'.")
@interface ModbusConfig {

    /** The PID, which is also the component's name. */
    String PID = "edge.drivers.modbus";

    @AttributeDefinition(name = "Transport", description = "How the device is reached. Devices with the same host and port, or"
        + " the same serial port, share one connection or bus.",
        options = {@Option(label = "Modbus TCP", value = "tcp"), @Option(label = "Modbus Security (TLS)", value = "tls"),
            @Option(label = "Modbus TCP in datagrams (UDP)", value = "udp"), @Option(label = "RTU over TCP", value = "rtu-over-tcp"),
            @Option(label = "RTU on a serial line", value = "rtu"), @Option(label = "ASCII on a serial line", value = "ascii")})
    String transport() default "tcp";

    @AttributeDefinition(name = "Host", required = false,
        description = "Name or IP address of the device or of the Modbus gateway before it. Not for a serial line.")
    String host() default "";

    @AttributeDefinition(name = "Port", description = "TCP or UDP port; 0 for the usual one: 502, with TLS 802.", min = "0",
        max = "65535")
    int port() default 0;

    @AttributeDefinition(name = "Serial port", required = false, description = "For transport rtu and ascii: the port's file, for example"
        + " /dev/ttyS1 or one below /dev/serial/by-id, which stays the same when adapters are plugged in another order.")
    String serialPort() default "";

    @AttributeDefinition(name = "Baud rate", description = "Bits a second on the serial line.", min = "300", max = "4000000")
    int baudRate() default 19200;

    @AttributeDefinition(name = "Data bits", description = "In a character on the serial line; 0 for what the standard wants: 8 with"
        + " RTU, 7 with ASCII.", options = {@Option(label = "standard", value = "0"), @Option(label = "7", value = "7"),
            @Option(label = "8", value = "8")})
    int dataBits() default 0;

    @AttributeDefinition(name = "Parity", description = "Parity bit on the serial line. The standard wants even.",
        options = {@Option(label = "none", value = "none"), @Option(label = "even", value = "even"),
            @Option(label = "odd", value = "odd")})
    String parity() default "even";

    @AttributeDefinition(name = "Stop bits", description = "On the serial line; 0 for what the standard wants: 1 with a parity"
        + " bit, 2 without.", min = "0", max = "2")
    int stopBits() default 0;

    @AttributeDefinition(name = "RS-485 direction", description = "Whether the kernel switches the direction of an RS-485"
        + " transceiver with RTS. Off for RS-232 and for adapters that do it themselves, as most USB ones.",
        options = {@Option(label = "off", value = "off"), @Option(label = "RTS high while sending", value = "rts-high"),
            @Option(label = "RTS low while sending", value = "rts-low")})
    String rs485() default "off";

    @AttributeDefinition(name = "RS-485 delay before", description = "Between RTS and the first bit, in µs.", min = "0",
        max = "100000")
    int rs485DelayBefore() default 0;

    @AttributeDefinition(name = "RS-485 delay after", description = "Between the last bit and RTS, in µs.", min = "0",
        max = "100000")
    int rs485DelayAfter() default 0;

    @AttributeDefinition(name = "RS-485 termination",
        description = "Whether to switch on the terminating resistor of a port that has one.")
    boolean rs485Termination() default false;

    @AttributeDefinition(name = "Broadcast pause",
        description = "How long the units of a serial line get to digest a broadcast (a write to unit 0), in ms.", min = "0",
        max = "10000")
    int turnaround() default 100;

    @AttributeDefinition(name = "Retries", description = "How often a request on a serial line whose answer is missing or"
        + " damaged is sent again. A unit that was silent before gets no second try.", min = "0", max = "10")
    int retries() default 1;

    @AttributeDefinition(name = "CA file", required = false,
        description = "For transport tls: PEM file with the certificates to trust, absolute or below the data directory; empty"
            + " means those of the Java runtime.")
    String caFile() default "";

    @AttributeDefinition(name = "Key store", required = false,
        description = "For transport tls: PKCS#12 file with the gateway's own certificate and key, absolute or below the data"
            + " directory; empty means no client certificate. The role that the device grants is in that certificate.")
    String keyStore() default "";

    @AttributeDefinition(name = "Key store password", type = AttributeType.PASSWORD, required = false,
        description = "Password of the key store.")
    String _keyStorePassword() default "";

    @AttributeDefinition(name = "Unit", description = "Unit id (slave address). On a serial line 0 means all units at once, and"
        + " can only be written.", min = "0", max = "255")
    int unit() default 1;

    @AttributeDefinition(name = "Time-out", description = "How long to wait for an answer, in ms.", min = "10", max = "60000")
    int timeout() default 1000;

    @AttributeDefinition(name = "Connect time-out", description = "How long establishing the connection may take, in ms.",
        min = "10", max = "60000")
    int connectTimeout() default 3000;

    @AttributeDefinition(name = "Requests in flight",
        description = "How many requests may wait for an answer at a time, over the network. Many devices can only take one.",
        min = "1", max = "16")
    int maxInFlight() default 1;

    @AttributeDefinition(name = "Byte order", description = "Which byte of a register comes first. A tag can have its own.",
        options = {@Option(label = "big (standard)", value = "big"), @Option(label = "little", value = "little")})
    String byteOrder() default "big";

    @AttributeDefinition(name = "Word order",
        description = "Which register of a number of 32 or 64 bits comes first. A tag can have its own.",
        options = {@Option(label = "big", value = "big"), @Option(label = "little", value = "little")})
    String wordOrder() default "big";

    @AttributeDefinition(name = "Address base",
        description = "What the first address of a table is called: 0 as in the protocol, or 1 as in many manuals.",
        options = {@Option(label = "0", value = "0"), @Option(label = "1", value = "1")})
    int addressBase() default 0;

    @AttributeDefinition(name = "Largest gap", description = "Two tags are read with one request if at most so many registers"
        + " (16 times as many bits) lie between them.", min = "0", max = "124")
    int maxGap() default 16;

    @AttributeDefinition(name = "Registers a request",
        description = "How many registers (16 times as many bits) one request may read. Some devices take less than 125.",
        min = "1", max = "125")
    int maxRegisters() default 125;

    @AttributeDefinition(name = "Only multiple writes", description = "Write single coils and registers with the functions 15"
        + " and 16, for devices that do not know 5 and 6.")
    boolean writeMultiple() default false;

    @AttributeDefinition(name = "Read with the write", description = "Verify writes with function 23, which writes and reads in"
        + " one request, for devices that know it. Otherwise they are verified with a second request.")
    boolean readWrite() default false;

    @AttributeDefinition(name = "Identify", description = "Whether to ask the device once for its identification (function"
        + " 43/14). Some serial devices do not answer functions that they do not know.",
        options = {@Option(label = "over the network", value = "auto"), @Option(label = "always", value = "always"),
            @Option(label = "never", value = "never")})
    String identify() default "auto";

    @AttributeDefinition(name = "Shortest reconnect pause",
        description = "Pause before the second attempt to connect, in ms. It doubles with each failed attempt.",
        min = "10", max = "600000")
    int reconnectMin() default 500;

    @AttributeDefinition(name = "Longest reconnect pause", description = "Longest pause between two attempts, in ms.",
        min = "10", max = "3600000")
    int reconnectMax() default 10000;

    @AttributeDefinition(name = "Description", description = "One line for people.", required = false)
    String description() default "";
}
