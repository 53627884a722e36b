// SPDX-License-Identifier: Apache-2.0
package edge.demo.cloud;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The configuration of the stand-in cloud. */
@ObjectClassDefinition(name = "Demo cloud",
    description = "A stand-in for a cloud: an MQTT receiver on 127.0.0.1, and the device demo-cloud that cuts it.")
@interface CloudConfig {

    String PID = "edge.demo.cloud";

    @AttributeDefinition(name = "Port", description = "TCP port on 127.0.0.1; 0 for any free one.",
        min = "0", max = "65535")
    int port() default 18830;

    @AttributeDefinition(name = "User", description = "The only user that may connect.")
    String user();

    @AttributeDefinition(name = "Password", type = AttributeType.PASSWORD,
        description = "Password of that user, at least 12 characters. There is no default.")
    String _password();
}
