// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** What Metatype can say about {@code edge.drivers.gpio~NAME}; the {@code lines} are in the bundle's JSON Schema. */
@ObjectClassDefinition(name = "GPIO device",
    description = "Digital inputs, counters and outputs of this board. The list 'lines' names them.")
@interface GpioConfig {

    String PID = "edge.drivers.gpio";

    String DEFAULT_PROVIDER = "chardev";

    String DEFAULT_CHIP = "gpiochip0";

    String DEFAULT_PATH = "/sys/class/gpio";

    @AttributeDefinition(name = "Provider", required = false,
        description = "Who moves the lines: chardev (the kernel's GPIO character device: any Linux board), linuxfs (the "
            + "kernel's old sysfs, line = its global number), gpiod (Pi4J's, Raspberry Pi only, line = BCM number; needs the "
            + "bundle wrapped.pi4j.gpiod) or mock (simulated, no hardware).",
        options = {@Option(value = "chardev", label = "chardev: GPIO character device of any Linux board"),
            @Option(value = "linuxfs", label = "linuxfs: GPIO sysfs, for old kernels"),
            @Option(value = "gpiod", label = "gpiod: Pi4J's libgpiod on a Raspberry Pi"),
            @Option(value = "mock", label = "mock: simulated values, no hardware")})
    String provider() default DEFAULT_PROVIDER;

    @AttributeDefinition(name = "Chip", required = false,
        description = "Only for provider chardev: the chip of the lines that name none, as device (gpiochip0) or by its label, "
            + "which does not change between boots (pinctrl-bcm2711).")
    String chip() default DEFAULT_CHIP;

    @AttributeDefinition(name = "Path", required = false,
        description = "Directory of the GPIO sysfs; only for provider linuxfs.")
    String path() default DEFAULT_PATH;

    @AttributeDefinition(name = "Description", required = false, description = "One line for people.")
    String description() default "";
}
