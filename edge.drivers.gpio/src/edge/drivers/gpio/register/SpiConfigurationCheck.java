// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio.register;

import edge.api.config.ConfigurationCheck;
import edge.api.config.Problem;
import edge.drivers.gpio.Instances;
import java.util.List;
import org.osgi.service.component.annotations.Component;

/** Refuses the configuration of an SPI chip that contradicts itself, before it is put in force. */
@Component(property = "edge.check.pid=" + SpiConfig.PID)
public final class SpiConfigurationCheck implements ConfigurationCheck {

    @Override
    public List<Problem> check(String name, String text) {
        return Instances.check(SpiConfig.PID, name, text, read -> RegisterParser.parse(read, Byte.SIZE));
    }
}
