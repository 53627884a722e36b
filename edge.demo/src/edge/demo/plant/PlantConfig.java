// SPDX-License-Identifier: Apache-2.0
package edge.demo.plant;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The configuration of the simulated plant. */
@ObjectClassDefinition(name = "Demo plant",
    description = "Two simulated PLCs, units 1 and 2, behind one Modbus TCP server on 127.0.0.1.")
@interface PlantConfig {

    String PID = "edge.demo.plant";

    @AttributeDefinition(name = "Port", description = "TCP port on 127.0.0.1; 0 for any free one.",
        min = "0", max = "65535")
    int port() default 15020;
}
