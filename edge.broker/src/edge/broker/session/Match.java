// SPDX-License-Identifier: Apache-2.0
package edge.broker.session;

import java.util.Arrays;
import java.util.List;

/**
 * How a session wants messages of one topic: what its matching subscriptions come to. One message is sent, at the greatest
 * QoS (MQTT-3.3.5-1), with the identifiers of all of them.
 *
 * @param retainAsPublished whether the retain flag is passed on
 * @param ids subscription identifiers
 * @param noLocal whether one of them does not want the session's own messages
 */
public record Match(Session session, List<Subscription> subscriptions, int qos, boolean retainAsPublished, int[] ids,
                    boolean noLocal) {

    public static Match of(Session session, List<Subscription> subscriptions) {
        int qos = 0;
        boolean retain = false;
        boolean noLocal = false;
        int[] ids = new int[subscriptions.size()];
        int count = 0;
        for (Subscription each : subscriptions) {
            qos = Math.max(qos, each.qos());
            retain |= each.retainAsPublished();
            noLocal |= each.noLocal();
            if (each.id() > 0) {
                ids[count++] = each.id();
            }
        }
        return new Match(session, subscriptions, qos, retain, count == ids.length ? ids : Arrays.copyOf(ids, count), noLocal);
    }

    /** Whether messages of QoS 1 and 2 must be in the journal before they are acknowledged. */
    boolean isStored() {
        return qos > 0 && session.isDurable();
    }

    /** Whether somebody has said that this publisher's messages are not for him, and nothing else wants them. */
    boolean isEcho(String publisher) {
        return noLocal && publisher.equals(session.clientId()) && subscriptions.stream().allMatch(Subscription::noLocal);
    }
}
