// SPDX-License-Identifier: Apache-2.0
package edge.broker;

import edge.api.config.ConfigurationCheck;
import edge.api.config.Problem;
import edge.api.device.Tag;
import edge.json.Json;
import edge.json.JsonException;
import edge.json.JsonParser;
import java.util.ArrayList;
import java.util.List;
import org.osgi.service.component.annotations.Component;

/** Refuses a bad ingest rule before it is put in force, with line and column. */
@Component(service = ConfigurationCheck.class, property = "edge.check.pid=" + IngestRuleComponent.PID)
public final class IngestRuleCheck implements ConfigurationCheck {

    @Override
    public List<Problem> check(String name, String text) {
        List<Problem> problems = new ArrayList<>();
        if (!Tag.isName(name)) {
            problems.add(new Problem(0, 0, "", "'" + name
                + "' cannot name a stream; call the file edge.broker.ingest~NAME.cfg.json with 1 to 64 of A-Z a-z 0-9 _ . -"));
        }
        try {
            Json topics = JsonParser.parse(text).asObject().get("topics");
            if (topics.asArray().isEmpty()) {
                throw topics.place().problem("at least one filter is needed, for example plant/#");
            }
            for (Json topic : topics.asArray()) {
                IngestRuleComponent.problem(topic.asText()).ifPresent(problem ->
                    problems.add(new Problem(topic.place().line(), topic.place().column(), topic.place().path(), problem)));
            }
        } catch (JsonException e) {
            problems.add(new Problem(e.line(), e.column(), e.path(), e.getMessage()));
        }
        return problems;
    }
}
