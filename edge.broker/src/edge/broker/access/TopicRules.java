// SPDX-License-Identifier: Apache-2.0
package edge.broker.access;

import edge.api.access.AccessDeniedException;
import edge.api.access.Caller;
import edge.broker.bus.PublishRules;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who may do what with which topics. What is not allowed is denied. The gateway's own topics are protected whatever the rules
 * say, see {@link PublishRules}; topics that begin with {@code $} are never read.
 */
public final class TopicRules {

    /** Everybody who has signed in may read everything and write to all that is not the gateway's own. */
    public static final TopicRules OPEN = new TopicRules(List.of(new TopicRule(Set.of(), Optional.empty(), Set.of(),
        all(List.of("#")))), "");

    private final List<TopicRule> rules;
    private final String unavailable;

    private TopicRules(List<TopicRule> rules, String unavailable) {
        this.rules = List.copyOf(rules);
        this.unavailable = unavailable;
    }

    public static TopicRules of(List<TopicRule> rules) {
        return new TopicRules(rules, "");
    }

    /** Nobody may do anything, because the rules cannot be read. */
    public static TopicRules unavailable(String why) {
        return new TopicRules(List.of(), why);
    }

    private static Map<Action, List<String>> all(List<String> filters) {
        Map<Action, List<String>> all = new EnumMap<>(Action.class);
        all.put(Action.READ, filters);
        all.put(Action.WRITE, filters);
        return all;
    }

    /** Why nobody may do anything; empty if the rules are in force. */
    public String unavailable() {
        return unavailable;
    }

    /** Why the client may not publish to that topic; empty if it may. */
    public Optional<AccessDeniedException> publishing(Caller caller, String clientId, String topic, boolean retain,
                                                      boolean will) {
        Optional<AccessDeniedException> protectedTopic = PublishRules.refusal(caller, topic);
        if (protectedTopic.isPresent() || this == OPEN) {
            return protectedTopic;
        }
        if (!allows(Action.WRITE, caller, clientId, topic)) {
            return denied(caller, "publish to " + topic);
        }
        if (retain && !allows(Action.RETAIN, caller, clientId, topic)) {
            return denied(caller, "publish retained messages to " + topic);
        }
        if (will && !allows(Action.WILL, caller, clientId, topic)) {
            return denied(caller, "leave a last will on " + topic);
        }
        return Optional.empty();
    }

    /** Whether the client may subscribe to a filter, by itself or sharing it with others. */
    public boolean maySubscribe(Caller caller, String clientId, String filter, boolean shared) {
        return !filter.startsWith("$") && allows(Action.READ, caller, clientId, filter)
            && (!shared || allows(Action.SHARE, caller, clientId, filter));
    }

    private boolean allows(Action action, Caller caller, String clientId, String topic) {
        for (TopicRule rule : rules) {
            if (rule.isFor(caller, clientId) && rule.allows(action, caller, clientId, topic)) {
                return true;
            }
        }
        return false;
    }

    private Optional<AccessDeniedException> denied(Caller caller, String action) {
        return Optional.of(new AccessDeniedException(caller, action, unavailable.isEmpty()
            ? "no rule in etc/edge.broker.access.cfg.json allows it" : unavailable));
    }
}
