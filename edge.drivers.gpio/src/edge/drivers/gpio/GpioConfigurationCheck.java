// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio;

import edge.api.config.ConfigurationCheck;
import edge.api.config.Problem;
import edge.api.device.Tag;
import edge.json.JsonException;
import java.util.List;
import org.osgi.service.component.annotations.Component;

/** Refuses a GPIO configuration that contradicts itself, before it is put in force. */
@Component(property = "edge.check.pid=" + GpioConfig.PID)
public final class GpioConfigurationCheck implements ConfigurationCheck {

    @Override
    public List<Problem> check(String name, String text) {
        if (!Tag.isName(name)) {
            return List.of(new Problem(0, 0, "", "the file must be named " + GpioConfig.PID
                + "~NAME.cfg.json, where NAME is the device's name: 1 to 64 of A-Z a-z 0-9 _ . -"));
        }
        try {
            LineParser.parse(text);
            return List.of();
        } catch (JsonException e) {
            return List.of(new Problem(e.line(), e.column(), e.path(), e.getMessage()));
        }
    }
}
