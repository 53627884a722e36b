// SPDX-License-Identifier: Apache-2.0
package edge.broker.access;

import edge.api.access.Role;
import edge.broker.base.TopicNames;
import edge.json.Json;
import edge.json.JsonException;
import edge.json.JsonParser;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the file of access rules. */
public final class AccessFile {

    private static final Set<String> MEMBERS =
        Set.of("users", "role", "clients", "read", "share", "write", "retain", "will");

    private AccessFile() {
    }

    public static TopicRules read(String text) throws JsonException {
        Json.Obj root = JsonParser.parse(text).asObject();
        List<TopicRule> rules = new ArrayList<>();
        for (Json each : root.get("rules").asArray()) {
            rules.add(rule(each.asObject()));
        }
        return TopicRules.of(rules);
    }

    private static TopicRule rule(Json.Obj rule) throws JsonException {
        rule.allowOnly(MEMBERS);
        Map<Action, List<String>> filters = new EnumMap<>(Action.class);
        for (Action action : Action.values()) {
            String name = action.name().toLowerCase(Locale.ROOT);
            if (rule.has(name)) {
                filters.put(action, filters(rule.get(name)));
            }
        }
        if (filters.isEmpty()) {
            throw rule.place().problem("the rule allows nothing; it needs read, share, write, retain or will");
        }
        return new TopicRule(names(rule, "users"), role(rule), names(rule, "clients"), filters);
    }

    private static Optional<Role> role(Json.Obj rule) throws JsonException {
        if (!rule.has("role")) {
            return Optional.empty();
        }
        String name = rule.text("role");
        for (Role role : Role.values()) {
            if (role.name().toLowerCase(Locale.ROOT).equals(name)) {
                return Optional.of(role);
            }
        }
        throw rule.get("role").place().problem("'" + name + "' is no role: viewer, operator, engineer, administrator");
    }

    private static Set<String> names(Json.Obj rule, String member) throws JsonException {
        Set<String> names = new HashSet<>();
        if (rule.has(member)) {
            for (Json each : rule.get(member).asArray()) {
                names.add(each.asText());
            }
            if (names.isEmpty()) {
                throw rule.get(member).place().problem("an empty list would mean everybody; leave it out, or name somebody");
            }
        }
        return Set.copyOf(names);
    }

    private static List<String> filters(Json list) throws JsonException {
        List<String> filters = new ArrayList<>();
        for (Json each : list.asArray()) {
            String filter = each.asText();
            Optional<String> problem = TopicNames.problemOfFilter(filter);
            if (problem.isPresent()) {
                throw each.place().problem("'" + filter + "' is not a topic filter: " + problem.get());
            }
            for (String level : filter.split("/", -1)) {
                if (level.indexOf('%') >= 0 && !level.equals(TopicRule.CLIENT) && !level.equals(TopicRule.USER)) {
                    throw each.place().problem("'" + level + "' is none of %c and %u, which are levels of their own");
                }
            }
            filters.add(filter);
        }
        return List.copyOf(filters);
    }
}
