// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/**
 * The scalar attributes of one device. The list {@code tags} is described by {@code schema/edge.drivers.modbus.schema.json}
 * and read by {@link TagListReader}.
 */
@ObjectClassDefinition(name = "Modbus TCP device",
    description = "A device that is read and written over Modbus TCP. Its tags are in the list 'tags'.")
@interface ModbusConfig {

    /** The PID, which is also the component's name. */
    String PID = "edge.drivers.modbus";

    @AttributeDefinition(name = "Host", description = "Name or IP address of the device or of the Modbus gateway before it.")
    String host();

    @AttributeDefinition(name = "Port", description = "TCP port.", min = "1", max = "65535")
    int port() default 502;

    @AttributeDefinition(name = "Unit", description = "Unit id (slave address). Devices with the same host and port share one"
        + " connection, so that several units behind one gateway need one only.", min = "0", max = "255")
    int unit() default 1;

    @AttributeDefinition(name = "Time-out", description = "How long to wait for an answer, in ms.", min = "10", max = "60000")
    int timeout() default 1000;

    @AttributeDefinition(name = "Connect time-out", description = "How long establishing the connection may take, in ms.",
        min = "10", max = "60000")
    int connectTimeout() default 3000;

    @AttributeDefinition(name = "Requests in flight",
        description = "How many requests may wait for an answer at a time. Many devices can only take one.",
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
