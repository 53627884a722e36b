// SPDX-License-Identifier: Apache-2.0
package edge.broker.session;

import edge.broker.state.Entry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What is known of a session from before a restart, put together from its entries. */
final class Image {

    /** Everything that was on disk. */
    static final class All {
        final Map<String, Image> sessions = new LinkedHashMap<>();
        /** Keys of messages that were released, by {@link StoredMessages#text}. */
        final Set<String> released = new HashSet<>();
        final List<Entry> retained = new ArrayList<>();
        long fed = Feed.NEVER;
    }

    final String owner;
    long expirySeconds;
    final Map<String, Subscription> subscriptions = new LinkedHashMap<>();
    final Map<Integer, Long> sent = new LinkedHashMap<>();
    final Set<Integer> received = new HashSet<>();
    final Set<Long> completed = new HashSet<>();
    final Map<Integer, Entry.Unreleased> unreleased = new HashMap<>();
    long[] waiting = new long[0];
    long mark;

    private Image(String owner, long expirySeconds) {
        this.owner = owner;
        this.expirySeconds = expirySeconds;
    }

    static All of(List<Entry> entries) {
        All all = new All();
        for (Entry entry : entries) {
            all(all, entry);
        }
        return all;
    }

    private static void all(All all, Entry entry) {
        if (entry instanceof Entry.Opened e) {
            all.sessions.put(e.client(), new Image(e.owner(), e.expirySeconds()));
        } else if (entry instanceof Entry.Ended e) {
            all.sessions.remove(e.client());
        } else if (entry instanceof Entry.Fed e) {
            all.fed = Math.max(all.fed, e.position());
        } else if (entry instanceof Entry.Retained || entry instanceof Entry.NotRetained) {
            all.retained.add(entry);
        } else if (entry instanceof Entry.Released e) {
            all.released.add(StoredMessages.text(e.stream(), e.epoch(), e.sequence()));
            of(all, e.client()).unreleased.remove(e.packetId());
        } else {
            one(all, entry);
        }
    }

    /** A session whose opening was damaged leaves an image that nobody keeps. */
    private static Image of(All all, String client) {
        Image known = all.sessions.get(client);
        return known == null ? new Image("", 0) : known;
    }

    private static void one(All all, Entry entry) {
        if (entry instanceof Entry.Expiry e) {
            of(all, e.client()).expirySeconds = e.expirySeconds();
        } else if (entry instanceof Entry.Subscribed e) {
            of(all, e.client()).subscriptions.put(e.filter(),
                Subscription.of(e.filter(), e.options(), e.id(), e.boot(), e.since()));
        } else if (entry instanceof Entry.Unsubscribed e) {
            of(all, e.client()).subscriptions.remove(e.filter());
        } else if (entry instanceof Entry.Mark e) {
            Image image = of(all, e.client());
            image.mark = Math.max(image.mark, e.position());
        } else if (entry instanceof Entry.Sent e) {
            Image image = of(all, e.client());
            image.sent.put(e.packetId(), e.position());
            image.received.remove(e.packetId());
        } else if (entry instanceof Entry.Received e) {
            of(all, e.client()).received.add(e.packetId());
        } else if (entry instanceof Entry.Completed e) {
            Image image = of(all, e.client());
            Long position = image.sent.remove(e.packetId());
            image.received.remove(e.packetId());
            if (position != null) {
                image.completed.add(position);
            }
        } else if (entry instanceof Entry.Waiting e) {
            of(all, e.client()).waiting = e.positions();
        } else if (entry instanceof Entry.Unreleased e) {
            of(all, e.client()).unreleased.put(e.packetId(), e);
        }
    }

    /** Whether a message is settled, or on its way with a packet id, so that it must not wait again. */
    boolean knows(long position) {
        return Math.abs(position) <= mark || completed.contains(position) || sent.containsValue(position);
    }
}
