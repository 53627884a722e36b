// SPDX-License-Identifier: Apache-2.0
package edge.broker;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Attributes of {@code etc/edge.broker.cfg.json}; the file is optional. The lists {@code listeners} and {@code tls} are described
 * by {@code schema/edge.broker.schema.json}.
 */
@ObjectClassDefinition(name = "MQTT broker", description = "The local MQTT broker inside of the gateway.")
@interface BrokerConfig {

    @AttributeDefinition(name = "Address", description = "Address of the one listener if 'listeners' does not name others. "
        + "Every client must sign in, so that an address beyond loopback is possible; without TLS, passwords then cross the "
        + "network in clear.")
    String host() default "127.0.0.1";

    @AttributeDefinition(name = "Port", description = "TCP port of that listener; 0 takes any free one.",
        min = "0", max = "65535")
    int port() default 1883;

    @AttributeDefinition(name = "Anonymous on loopback", description = "Lets clients of that listener without a user name in, "
        + "as viewers, if the address is a loopback address. Everybody who has an account on this machine can then publish.")
    boolean allowAnonymousLoopback() default false;

    @AttributeDefinition(name = "Largest packet (KiB)", description = "A client that sends a larger one is disconnected. The journal takes no larger ones either.",
        min = "1", max = "1024")
    int maxPacketKilobytes() default 1024;

    @AttributeDefinition(name = "Most connections", description = "Further ones are closed at once.",
        min = "1", max = "10000")
    int maxConnections() default 1_000;

    @AttributeDefinition(name = "Most connections of one address", description = "Further ones of that address are closed at "
        + "once.", min = "1", max = "10000")
    int maxConnectionsPerAddress() default 500;

    @AttributeDefinition(name = "Connect time-out (ms)", description = "How long a new connection may take to sign in.",
        min = "100", max = "300000")
    int connectTimeout() default 10_000;

    @AttributeDefinition(name = "Acknowledge time-out (ms)", description = "How long a message may wait to be stored "
        + "before the connection of its client is closed. It is never acknowledged before.",
        min = "1000", max = "300000")
    int acknowledgeTimeout() default 30_000;

    @AttributeDefinition(name = "Messages a second", description = "A client that publishes faster is slowed down. 0 for no "
        + "limit.", min = "0", max = "1000000")
    int messagesPerSecond() default 20_000;

    @AttributeDefinition(name = "In flight", description = "How many messages of QoS 1 and 2 are sent to a client before it "
        + "acknowledges the first; of MQTT 5, at most what the client says.", min = "1", max = "1000")
    int inFlight() default 100;

    @AttributeDefinition(name = "Queue (messages)", description = "How many messages of QoS 1 and 2 wait in memory for a client "
        + "that is slow. Newer ones are dropped and counted.", min = "1", max = "100000")
    int queueMessages() default 1_000;

    @AttributeDefinition(name = "Queue (KiB)", description = "How much they may take.", min = "1", max = "65536")
    int queueKilobytes() default 2_048;

    @AttributeDefinition(name = "Stored messages", description = "How many messages in the journal may wait for a client that is "
        + "away and whose session is kept. Newer ones are dropped and counted.", min = "1", max = "1000000")
    int storedMessages() default 100_000;

    @AttributeDefinition(name = "Session expiry (hours)", description = "How long a session of a client that is away is kept at "
        + "most.", min = "1", max = "8760")
    int sessionExpiryHours() default 168;
}
