// SPDX-License-Identifier: Apache-2.0
package edge.runtime.scan;

import edge.api.config.ConfigurationCheck;
import edge.api.config.Problem;
import edge.json.Json;
import edge.json.JsonException;
import edge.json.JsonParser;
import java.util.ArrayList;
import java.util.List;
import org.osgi.service.component.annotations.Component;

/** Refuses a permission that names no account or no tags: a slip must not open or close more than was meant. */
@Component(property = "edge.check.pid=" + WritePermissions.PID)
public final class WritePermissionsCheck implements ConfigurationCheck {

    @Override
    public List<Problem> check(String name, String text) {
        List<Problem> problems = new ArrayList<>();
        try {
            Json.Obj file = JsonParser.parse(text).asObject();
            for (Json permission : file.has("permissions") ? file.get("permissions").asArray() : List.<Json>of()) {
                try {
                    WritePermission.parse(permission.asText());
                } catch (IllegalArgumentException e) {
                    problems.add(problem(permission.place().problem(e.getMessage())));
                }
            }
        } catch (JsonException e) {
            problems.add(problem(e));
        }
        return problems;
    }

    private static Problem problem(JsonException e) {
        return new Problem(e.line(), e.column(), e.path(), e.getMessage());
    }
}
