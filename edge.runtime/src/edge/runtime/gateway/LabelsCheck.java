// SPDX-License-Identifier: Apache-2.0
package edge.runtime.gateway;

import edge.api.config.ConfigurationCheck;
import edge.api.config.Problem;
import edge.api.device.Tag;
import edge.json.Json;
import edge.json.JsonException;
import edge.json.JsonParser;
import java.util.ArrayList;
import java.util.List;
import org.osgi.service.component.annotations.Component;

/** Refuses a file with labels that could not stand in a topic. */
@Component(property = "edge.check.pid=" + LocalGateway.PID)
public final class LabelsCheck implements ConfigurationCheck {
    private static final List<String> LABELS = List.of("org", "site", "gateway");

    @Override
    public List<Problem> check(String name, String text) {
        List<Problem> problems = new ArrayList<>();
        try {
            Json.Obj file = JsonParser.parse(text).asObject();
            for (String label : LABELS) {
                if (file.has(label)) {
                    check(file.get(label), label.equals("gateway"), problems);
                }
            }
        } catch (JsonException e) {
            problems.add(new Problem(e.line(), e.column(), e.path(), e.getMessage()));
        }
        return problems;
    }

    private static void check(Json value, boolean mayBeEmpty, List<Problem> problems) throws JsonException {
        String label = value.asText();
        if (!Tag.isName(label) && !(mayBeEmpty && label.isEmpty())) {
            JsonException problem = value.place().problem("must be 1 to 64 of A-Z a-z 0-9 _ . -, not " + value.describe());
            problems.add(new Problem(problem.line(), problem.column(), problem.path(), problem.getMessage()));
        }
    }
}
