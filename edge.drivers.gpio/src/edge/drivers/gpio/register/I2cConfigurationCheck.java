// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio.register;

import edge.api.config.ConfigurationCheck;
import edge.api.config.Problem;
import edge.drivers.gpio.Instances;
import edge.json.Json;
import edge.json.JsonException;
import edge.json.JsonParser;
import java.util.List;
import org.osgi.service.component.annotations.Component;

/** Refuses the configuration of an I2C chip that contradicts itself, before it is put in force. */
@Component(property = "edge.check.pid=" + I2cConfig.PID)
public final class I2cConfigurationCheck implements ConfigurationCheck {

    @Override
    public List<Problem> check(String name, String text) {
        return Instances.check(I2cConfig.PID, name, text,
            read -> RegisterParser.parse(read, registerBits(JsonParser.parse(read).asObject())));
    }

    private static int registerBits(Json.Obj root) throws JsonException {
        int bits = (int) root.integer("registerBits", Byte.SIZE, Byte.SIZE, Short.SIZE);
        if (bits != Byte.SIZE && bits != Short.SIZE) {
            throw root.get("registerBits").place().problem("must be 8 or 16, not " + bits);
        }
        return bits;
    }
}
