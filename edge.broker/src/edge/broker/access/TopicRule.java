// SPDX-License-Identifier: Apache-2.0
package edge.broker.access;

import edge.api.access.Caller;
import edge.api.access.Role;
import edge.broker.base.Filters;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What some clients may do. A rule that names neither users nor roles nor client ids is for everybody.
 *
 * @param users names of accounts
 * @param role the least role
 * @param clients client ids
 * @param filters topic filters by action, in which a level may be {@code %c}, the client id, or {@code %u}, the user's name
 */
public record TopicRule(Set<String> users, Optional<Role> role, Set<String> clients, Map<Action, List<String>> filters) {

    static final String CLIENT = "%c";
    static final String USER = "%u";

    boolean isFor(Caller caller, String clientId) {
        return (users.isEmpty() || users.contains(caller.name()))
            && role.map(caller::may).orElse(true)
            && (clients.isEmpty() || clients.contains(clientId));
    }

    /** @param topic a topic name for what publishes, else a topic filter */
    boolean allows(Action action, Caller caller, String clientId, String topic) {
        List<String> patterns = filters.getOrDefault(action, filters.getOrDefault(action.basic(), List.of()));
        for (String pattern : patterns) {
            Optional<String> filter = resolve(pattern, caller.name(), clientId);
            if (filter.isPresent() && (action.publishes() ? Filters.matches(filter.get(), topic)
                : Filters.covers(filter.get(), topic))) {
                return true;
            }
        }
        return false;
    }

    /**
     * The pattern with the names in their places. Empty if a name is nothing that can be one level of a topic: a client chooses
     * its id, and must not choose with it what it may do.
     */
    static Optional<String> resolve(String pattern, String user, String clientId) {
        if (pattern.indexOf('%') < 0) {
            return Optional.of(pattern);
        }
        String[] levels = pattern.split("/", -1);
        for (int i = 0; i < levels.length; i++) {
            boolean client = levels[i].equals(CLIENT);
            if (client || levels[i].equals(USER)) {
                String name = client ? clientId : user;
                if (!isOneLevel(name) || i == 0 && (name.startsWith("$") || name.equals("edge"))) {
                    return Optional.empty();
                }
                levels[i] = name;
            }
        }
        return Optional.of(String.join("/", levels));
    }

    private static boolean isOneLevel(String name) {
        return !name.isEmpty() && name.chars().noneMatch(c -> c == '+' || c == '#' || c == '/' || c < ' ');
    }
}
