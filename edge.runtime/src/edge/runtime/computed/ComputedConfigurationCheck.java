// SPDX-License-Identifier: Apache-2.0
package edge.runtime.computed;

import edge.api.config.ConfigurationCheck;
import edge.api.config.Problem;
import edge.api.device.Tag;
import edge.json.JsonException;
import edge.json.JsonParser;
import java.util.List;
import org.osgi.service.component.annotations.Component;

/** Refuses a computed device whose expressions are wrong, before it is put in force. */
@Component(property = "edge.check.pid=" + ComputedConfig.PID)
public final class ComputedConfigurationCheck implements ConfigurationCheck {

    @Override
    public List<Problem> check(String name, String text) {
        if (!Tag.isName(name)) {
            return List.of(new Problem(0, 0, "", "the file must be named " + ComputedConfig.PID
                + "~NAME.cfg.json, where NAME is the device's name: 1 to 64 of A-Z a-z 0-9 _ . -"));
        }
        try {
            return new ComputedTags(name, JsonParser.parse(text).asObject()).problems();
        } catch (JsonException e) {
            return List.of(new Problem(e.line(), e.column(), e.path(), e.getMessage()));
        }
    }
}
