// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio;

import edge.api.config.ConfigurationCheck;
import edge.api.config.Problem;
import java.util.List;
import org.osgi.service.component.annotations.Component;

/** Refuses a GPIO configuration that contradicts itself, before it is put in force. */
@Component(property = "edge.check.pid=" + GpioConfig.PID)
public final class GpioConfigurationCheck implements ConfigurationCheck {

    @Override
    public List<Problem> check(String name, String text) {
        return Instances.check(GpioConfig.PID, name, text, LineParser::parse);
    }
}
