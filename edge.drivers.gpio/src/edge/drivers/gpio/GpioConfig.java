// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** What Metatype can say about {@code edge.drivers.gpio~NAME}; the {@code lines} are in the bundle's JSON Schema. */
@ObjectClassDefinition(name = "GPIO device",
    description = "Digital inputs and outputs of this board. The list 'lines' names them.")
@interface GpioConfig {

    String PID = "edge.drivers.gpio";

    String DEFAULT_PATH = "/sys/class/gpio";

    @AttributeDefinition(name = "Provider",
        description = "Who moves the lines: gpiod (Raspberry Pi, line = BCM number), linuxfs (the kernel's sysfs, line = its "
            + "global number) or mock (simulated, no hardware). There is no default, so that nothing is simulated by mistake.",
        options = {@Option(value = "gpiod", label = "gpiod: GPIO character device of a Raspberry Pi"),
            @Option(value = "linuxfs", label = "linuxfs: GPIO sysfs of any Linux board"),
            @Option(value = "mock", label = "mock: simulated values, no hardware")})
    String provider();

    @AttributeDefinition(name = "Path", required = false,
        description = "Directory of the GPIO sysfs; only for provider linuxfs.")
    String path() default DEFAULT_PATH;

    @AttributeDefinition(name = "Description", required = false, description = "One line for people.")
    String description() default "";
}
