// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.core;

import edge.api.config.ConfigurationCheck;
import edge.api.config.Problem;
import edge.api.device.Tag;
import edge.json.Json;
import edge.json.JsonException;
import edge.json.JsonParser;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.osgi.service.component.annotations.Component;

/** Refuses windows that are none and time zones that there are not, at the line where they are. */
@Component(property = "edge.check.pid=" + DeliverySettings.PID)
public final class DeliveryCheck implements ConfigurationCheck {

    @Override
    public List<Problem> check(String name, String text) {
        List<Problem> problems = new ArrayList<>();
        if (!Tag.isName(name)) {
            problems.add(new Problem(0, 0, "", "the file must be named " + DeliverySettings.PID
                + "~UPLINK.cfg.json, with the name of the uplink"));
        }
        try {
            Json.Obj config = JsonParser.parse(text).asObject();
            if (config.has("timeZone")) {
                rule(config.get("timeZone"), DeliveryPolicy::zone, problems);
            }
            if (config.has("priorities")) {
                List<Json> patterns = config.get("priorities").asArray();
                if (patterns.size() > Priorities.MOST) {
                    throw config.get("priorities").place().problem("has at most " + Priorities.MOST + " patterns");
                }
                for (Json pattern : patterns) {
                    rule(pattern, Priorities::rank, problems);
                }
            }
            if (config.has("windows")) {
                for (Json window : config.get("windows").asArray()) {
                    rule(window, one -> ConnectionWindows.of(List.of(one), ZoneId.of("UTC")), problems);
                }
            }
        } catch (JsonException e) {
            problems.add(new Problem(e.line(), e.column(), e.path(), e.getMessage()));
        }
        return problems;
    }

    @FunctionalInterface
    private interface Rule {
        Object apply(String text);
    }

    private static void rule(Json node, Rule rule, List<Problem> problems) throws JsonException {
        try {
            rule.apply(node.asText());
        } catch (IllegalArgumentException e) {
            problems.add(new Problem(node.place().line(), node.place().column(), node.place().path(), e.getMessage()));
        }
    }
}
