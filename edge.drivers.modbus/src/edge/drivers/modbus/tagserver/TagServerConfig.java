// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.tagserver;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/**
 * The scalar attributes of one server. The list {@code tags} is described by
 * {@code schema/edge.drivers.modbus.server.schema.json} and read by {@link TagMap}.
 */
@ObjectClassDefinition(name = "Modbus TCP server",
    description = "Offers tags of this gateway to Modbus TCP clients, read-only. The tags are in the list 'tags'.")
@interface TagServerConfig {

    /** The PID, which is also the component's name. */
    String PID = "edge.drivers.modbus.server";

    @AttributeDefinition(name = "Host", description = "Address to listen on. Modbus TCP knows no login: any other than a loopback"
        + " address needs a list of peers, or TLS.")
    String host() default "127.0.0.1";

    @AttributeDefinition(name = "Port", description = "TCP port. Ports below 1024 need a privilege that the gateway should not have.",
        min = "1", max = "65535")
    int port() default 1502;

    @AttributeDefinition(name = "Peers", description = "Who may connect: addresses such as 10.0.0.7, or networks such as 10.0.0.0/24."
        + " Empty: loopback only, or with TLS whoever has a certificate.", required = false)
    String[] peers() default {};

    @AttributeDefinition(name = "Key store", required = false, description = "For TLS (Modbus Security): PKCS#12 file with the"
        + " server's certificate and key, absolute or below the data directory. Empty: no TLS.")
    String keyStore() default "";

    @AttributeDefinition(name = "Key store password", type = AttributeType.PASSWORD, required = false,
        description = "Password of the key store.")
    String _keyStorePassword() default "";

    @AttributeDefinition(name = "CA file", required = false, description = "With TLS: PEM file with the certificates that those of"
        + " clients must come from, absolute or below the data directory. A client without one is refused.")
    String caFile() default "";

    @AttributeDefinition(name = "Unit", description = "Unit id that is answered; 0 for any.", min = "0", max = "255")
    int unit() default 0;

    @AttributeDefinition(name = "When BAD", description = "What a client gets for a tag that is BAD: exception 0B (the device does"
        + " not respond), or the last good value. A tag that never was good gives the exception in any case.",
        options = {@Option(label = "exception", value = "exception"), @Option(label = "last good value", value = "last")})
    String whenBad() default "exception";

    @AttributeDefinition(name = "Connections", description = "Most clients at a time.", min = "1", max = "100")
    int maxConnections() default 8;

    @AttributeDefinition(name = "Idle time-out", description = "A connection on which no request came for so long is closed, in s.",
        min = "1", max = "86400")
    int idleTimeout() default 120;

    @AttributeDefinition(name = "Address base",
        description = "What the first address of a table is called: 0 as in the protocol, or 1 as in many manuals.",
        options = {@Option(label = "0", value = "0"), @Option(label = "1", value = "1")})
    int addressBase() default 0;
}
