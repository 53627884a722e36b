// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio.pwm;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** What Metatype can say about {@code edge.drivers.gpio.pwm~NAME}; the {@code channels} are in the JSON Schema. */
@ObjectClassDefinition(name = "PWM device", description = "PWM outputs of this board. The list 'channels' names them.")
@interface PwmConfig {

    String PID = "edge.drivers.gpio.pwm";

    @AttributeDefinition(name = "Path", required = false, description = "Directory of the kernel's PWM sysfs.")
    String path() default "/sys/class/pwm";

    @AttributeDefinition(name = "Description", required = false, description = "One line for people.")
    String description() default "";
}
