// SPDX-License-Identifier: Apache-2.0
package edge.broker.bus;

import edge.api.access.AccessDeniedException;
import edge.api.access.Caller;
import edge.api.access.Role;
import edge.api.message.Topics;
import java.util.Optional;

/** Who may publish where. Parts of the gateway may publish anywhere. */
public final class PublishRules {

    private static final String OWN = "edge";
    private static final String OWN_TREE = "edge/";

    private PublishRules() {
    }

    /** Whether a topic belongs to others than the gateway: only such topics can be ingested. */
    public static boolean isThirdParty(String topic) {
        return !topic.startsWith("$") && !topic.equals(OWN) && !topic.startsWith(OWN_TREE);
    }

    /** Why the caller may not publish to that topic; empty if he may. */
    public static Optional<AccessDeniedException> refusal(Caller caller, String topic) {
        if (caller.kind() == Caller.Kind.SYSTEM || isThirdParty(topic)) {
            return Optional.empty();
        }
        String action = "publish to " + topic;
        if (topic.startsWith(Topics.COMMANDS) && !topic.startsWith(Topics.ANSWERS)) {
            return caller.may(Role.OPERATOR) ? Optional.empty()
                : Optional.of(new AccessDeniedException(caller, action, Role.OPERATOR));
        }
        return Optional.of(new AccessDeniedException(caller, action, topic.startsWith("$")
            ? "topics that begin with $ are the broker's own"
            : "topics under edge/ are the gateway's own, except commands under " + Topics.COMMANDS + ", whose answers are not"));
    }
}
