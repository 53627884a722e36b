// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio.pwm;

import edge.api.config.ConfigurationCheck;
import edge.api.config.Problem;
import edge.drivers.gpio.Instances;
import java.util.List;
import org.osgi.service.component.annotations.Component;

/** Refuses a PWM configuration that contradicts itself, before it is put in force. */
@Component(property = "edge.check.pid=" + PwmConfig.PID)
public final class PwmConfigurationCheck implements ConfigurationCheck {

    @Override
    public List<Problem> check(String name, String text) {
        return Instances.check(PwmConfig.PID, name, text, ChannelParser::parse);
    }
}
