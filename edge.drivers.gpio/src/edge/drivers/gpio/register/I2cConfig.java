// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio.register;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** What Metatype can say about {@code edge.drivers.gpio.i2c~NAME}; the {@code registers} are in the JSON Schema. */
@ObjectClassDefinition(name = "I2C chip", description = "A chip on an I2C bus of this board. The list 'registers' is its tags.")
@interface I2cConfig {

    String PID = "edge.drivers.gpio.i2c";

    @AttributeDefinition(name = "Bus", description = "Number of the bus: 1 is /dev/i2c-1.", min = "0", max = "255")
    int bus();

    @AttributeDefinition(name = "Address", description = "Address of the chip, 7 bits: 0x48 is 72.", min = "3", max = "119")
    int address();

    @AttributeDefinition(name = "Width of a register's number", required = false, description = "In bits.",
        options = {@Option(value = "8", label = "8: nearly every sensor"), @Option(value = "16", label = "16: large memories")})
    int registerBits() default 8;

    @AttributeDefinition(name = "Provider", required = false,
        description = "kernel, or mock for a simulated chip whose registers hold what was written.",
        options = {@Option(value = "kernel", label = "kernel: the bus"), @Option(value = "mock", label = "mock: no hardware")})
    String provider() default "kernel";

    @AttributeDefinition(name = "Description", required = false, description = "One line for people.")
    String description() default "";
}
