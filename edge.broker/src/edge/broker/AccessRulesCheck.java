// SPDX-License-Identifier: Apache-2.0
package edge.broker;

import edge.api.config.ConfigurationCheck;
import edge.api.config.Problem;
import edge.broker.access.AccessFile;
import edge.json.JsonException;
import java.util.List;
import org.osgi.service.component.annotations.Component;

/** Refuses bad access rules before they are put in force, with line and column. */
@Component(service = ConfigurationCheck.class, property = "edge.check.pid=" + AccessRulesComponent.PID)
public final class AccessRulesCheck implements ConfigurationCheck {

    @Override
    public List<Problem> check(String name, String text) {
        try {
            AccessFile.read(text);
            return List.of();
        } catch (JsonException e) {
            return List.of(new Problem(e.line(), e.column(), e.path(), e.getMessage()));
        }
    }
}
