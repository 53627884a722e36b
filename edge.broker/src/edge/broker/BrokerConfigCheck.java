// SPDX-License-Identifier: Apache-2.0
package edge.broker;

import edge.api.config.ConfigurationCheck;
import edge.api.config.Problem;
import edge.json.JsonException;
import java.util.List;
import org.osgi.service.component.annotations.Component;

/** Refuses a bad list of listeners before it is put in force, with line and column. */
@Component(service = ConfigurationCheck.class, property = "edge.check.pid=" + BrokerComponent.PID)
public final class BrokerConfigCheck implements ConfigurationCheck {

    @Override
    public List<Problem> check(String name, String text) {
        try {
            BrokerConfigReader.check(text);
            return List.of();
        } catch (JsonException e) {
            return List.of(new Problem(e.line(), e.column(), e.path(), e.getMessage()));
        }
    }
}
