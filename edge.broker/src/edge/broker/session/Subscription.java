// SPDX-License-Identifier: Apache-2.0
package edge.broker.session;

import edge.broker.base.TopicNames;

/**
 * One subscription of a session.
 *
 * @param text the filter as the client wrote it, with {@code $share/name/} if it is shared
 * @param filter what topics are matched with
 * @param options MQTT 5's subscription options as they are in the packet (3.8.3.1); of MQTT 3.1.1 the QoS alone
 * @param id the subscription identifier, 0 if there is none
 * @param boot the run of the gateway in which it was made
 * @param since monotonic nanoseconds of that run: messages from before are not meant
 */
public record Subscription(String text, String filter, int options, int id, long boot, long since) {

    public static Subscription of(String text, int options, int id, long boot, long since) {
        return new Subscription(text, TopicNames.withoutShare(text), options, id, boot, since);
    }

    public int qos() {
        return options & 3;
    }

    public boolean noLocal() {
        return (options & 4) != 0;
    }

    public boolean retainAsPublished() {
        return (options & 8) != 0;
    }

    /** 0 send retained messages, 1 only if it is new, 2 do not. */
    public int retainHandling() {
        return options >> 4 & 3;
    }

    public boolean isShared() {
        return text.length() != filter.length();
    }
}
