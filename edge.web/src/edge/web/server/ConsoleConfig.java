// SPDX-License-Identifier: Apache-2.0
package edge.web.server;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of the console. */
@ObjectClassDefinition(id = ConsoleConfig.PID, name = "Console",
    description = "The HTTPS port of the console and the REST API, and its limits.")
public @interface ConsoleConfig {

    String PID = "edge.web";

    @AttributeDefinition(name = "Host", description = "Address to listen on; 0.0.0.0 for every address. Before the "
        + "gateway is set up, callers from beyond loopback need the one-time code.")
    String host() default "0.0.0.0";

    @AttributeDefinition(name = "Port", description = "Port to listen on; 0 for any that is free.", min = "0",
        max = "65535")
    int port() default 8443;

    @AttributeDefinition(name = "Idle minutes", description = "A person who does nothing for so long is signed out.",
        min = "1", max = "1440")
    int idleMinutes() default 15;

    @AttributeDefinition(name = "Session hours", description = "A person is signed out after so long in any case.",
        min = "1", max = "168")
    int sessionHours() default 12;

    @AttributeDefinition(name = "Largest upload", description = "Largest bundle that can be uploaded, in MiB.", min = "1",
        max = "1024")
    int maxUploadMegabytes() default 64;

    @AttributeDefinition(name = "Live streams", description = "Most pages that show live values at a time.", min = "1",
        max = "200")
    int maxStreams() default 32;

    @AttributeDefinition(name = "Connections", description = "Most connections at a time.", min = "8", max = "2000")
    int maxConnections() default 250;

    @AttributeDefinition(name = "Connections per address",
        description = "Most connections at a time from one address.", min = "4", max = "2000")
    int maxConnectionsPerAddress() default 100;
}
