// SPDX-License-Identifier: Apache-2.0
package edge.broker.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Sessions that share a subscription (MQTT 5, section 4.8.2): each message goes to one of them. Loop only. */
final class ShareGroup {

    private final List<Match> members = new ArrayList<>();
    private final Predicate<Match> readable;
    private int next;

    /** @param readable whether a subscription is still allowed */
    ShareGroup(Predicate<Match> readable) {
        this.readable = readable;
    }

    void put(Session session, Subscription subscription) {
        remove(session);
        members.add(Match.of(session, List.of(subscription)));
    }

    void remove(Session session) {
        members.removeIf(member -> member.session() == session);
    }

    boolean isEmpty() {
        return members.isEmpty();
    }

    /** Whether its messages of QoS 1 and 2 go through the journal: one of its members outlives the process. */
    boolean isStored() {
        for (Match member : members) {
            if (member.isStored()) {
                return true;
            }
        }
        return false;
    }

    /** Whose turn it is: of those who are connected, else of those who will come back. */
    Optional<Match> choose() {
        Optional<Match> away = Optional.empty();
        for (int i = 0; i < members.size(); i++) {
            Match member = members.get((next + i) % members.size());
            if (!readable.test(member)) {
                continue;
            }
            if (member.session().isConnected()) {
                next = (next + i + 1) % members.size();
                return Optional.of(member);
            }
            if (away.isEmpty() && member.isStored()) {
                away = Optional.of(member);
            }
        }
        next++;
        return away;
    }
}
