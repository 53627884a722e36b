// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio.register;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** What Metatype can say about {@code edge.drivers.gpio.spi~NAME}; the {@code registers} are in the JSON Schema. */
@ObjectClassDefinition(name = "SPI chip", description = "A chip on an SPI bus of this board. The list 'registers' is its tags.")
@interface SpiConfig {

    String PID = "edge.drivers.gpio.spi";

    @AttributeDefinition(name = "Bus", description = "Number of the bus: 0 is /dev/spidev0.C.", min = "0", max = "255")
    int bus();

    @AttributeDefinition(name = "Chip select", description = "Number of the chip: 1 is /dev/spidevB.1.", min = "0", max = "15")
    int chip();

    @AttributeDefinition(name = "Clock", required = false, description = "In hertz.", min = "1000", max = "50000000")
    int speed() default 1_000_000;

    @AttributeDefinition(name = "Mode", required = false, description = "Polarity and phase of the clock, as in the chip's data "
        + "sheet.", min = "0", max = "3")
    int mode() default 0;

    @AttributeDefinition(name = "Read mask", required = false,
        description = "Bits that are set in a register's number to read it; with most chips 128.", min = "0", max = "255")
    int readMask() default 128;

    @AttributeDefinition(name = "Write mask", required = false,
        description = "Bits that are set in a register's number to write it.", min = "0", max = "255")
    int writeMask() default 0;

    @AttributeDefinition(name = "Provider", required = false,
        description = "kernel, or mock for a simulated chip whose registers hold what was written.",
        options = {@Option(value = "kernel", label = "kernel: the bus"), @Option(value = "mock", label = "mock: no hardware")})
    String provider() default "kernel";

    @AttributeDefinition(name = "Description", required = false, description = "One line for people.")
    String description() default "";
}
