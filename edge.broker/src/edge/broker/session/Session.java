// SPDX-License-Identifier: Apache-2.0
package edge.broker.session;

import edge.broker.base.Filters;
import edge.broker.state.Entry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One client's session: whose it is, what it subscribes to, and what is kept of it on disk.
 *
 * <p>A durable session outlives the process. What waits for it are positions in the journal, so that it takes eight bytes a
 * message; the messages themselves are read when it is their turn. Any other session ends with its connection and holds its
 * messages in memory, within bounds. Loop only.
 */
public final class Session {

    private final String clientId;
    private final String owner;
    private final Backing backing;
    private final boolean durable;
    private long expirySeconds;
    private long goneSince = System.nanoTime();
    private Map<String, Subscription> subscriptions = Map.of();
    private final Inbox inbox = new Inbox();
    private final Delivery delivery;
    private boolean connected;
    private long marked;

    /** @param durable whether it outlives the process */
    Session(String clientId, String owner, boolean durable, long expirySeconds, Backing backing) {
        this.clientId = clientId;
        this.owner = owner;
        this.durable = durable;
        this.expirySeconds = expirySeconds;
        this.backing = backing;
        delivery = new Delivery(this, backing);
    }

    public String clientId() {
        return clientId;
    }

    /** The account that opened it; nobody else may take it over. */
    public String owner() {
        return owner;
    }

    public boolean isDurable() {
        return durable;
    }

    public Inbox inbox() {
        return inbox;
    }

    /** How long it outlives its connection. */
    public long expirySeconds() {
        return expirySeconds;
    }

    public void expireAfter(long seconds) {
        if (seconds != expirySeconds) {
            expirySeconds = seconds;
            if (durable) {
                backing.append(new Entry.Expiry(clientId, seconds));
            }
        }
    }

    boolean isExpired(long now) {
        return !connected && (now - goneSince) / 1_000_000_000L >= expirySeconds;
    }

    public boolean isConnected() {
        return connected;
    }

    /** Messages of QoS 1 and 2 that wait or are not acknowledged. */
    public int queued() {
        return delivery.queued();
    }

    /** Messages that it did not get. */
    public long dropped() {
        return delivery.dropped();
    }

    public Collection<Subscription> subscriptions() {
        return subscriptions.values();
    }

    Optional<Subscription> subscription(String text) {
        return Optional.ofNullable(subscriptions.get(text));
    }

    void put(Subscription subscription) {
        if (subscriptions.isEmpty()) {
            subscriptions = new LinkedHashMap<>(4);
        }
        subscriptions.put(subscription.text(), subscription);
    }

    boolean remove(String text) {
        return !subscriptions.isEmpty() && subscriptions.remove(text) != null;
    }

    /** How it wants messages of that topic now. */
    Optional<Match> match(String topic, boolean shared) {
        List<Subscription> found = new ArrayList<>(1);
        for (Subscription each : subscriptions.values()) {
            if (each.isShared() == shared && Filters.matches(each.filter(), topic)) {
                found.add(each);
            }
        }
        return found.isEmpty() ? Optional.empty() : Optional.of(Match.of(this, found));
    }

    // ------------------------------------------------------------------------------------------------- connection

    /** The client is there: what was not settled is sent again at once, in its order (MQTT-4.4.0-1). */
    void connected(Link by) {
        connected = true;
        delivery.connected(by);
    }

    /** The client is gone. */
    public void disconnected() {
        connected = false;
        goneSince = System.nanoTime();
        delivery.disconnected();
    }

    /** Sends what waits, as far as the client takes it. */
    public void pump() {
        delivery.pump();
    }

    /** A PUBACK has come. */
    public void acknowledged(int packetId) {
        delivery.flights().acknowledged(packetId);
    }

    /**
     * A PUBREC has come.
     *
     * @return false if there is no such message
     */
    public boolean received(int packetId) {
        return delivery.flights().received(packetId);
    }

    /** A PUBREC of MQTT 5 with a reason that ends the delivery. */
    public void refused(int packetId) {
        delivery.flights().refused(packetId);
    }

    /** A PUBCOMP has come. */
    public void completed(int packetId) {
        delivery.flights().completed(packetId);
    }

    Delivery delivery() {
        return delivery;
    }

    // ------------------------------------------------------------------------------------------------- on the disk

    /**
     * Tells how far it has come since it told the last time.
     *
     * @param fed everything up to that position of the journal has been handed over
     */
    void note(long fed) {
        if (delivery.takeChanged()) {
            long oldest = delivery.oldestPosition();
            long mark = oldest == Long.MAX_VALUE ? fed : oldest - 1;
            if (mark > marked) {
                marked = mark;
                backing.append(new Entry.Mark(clientId, mark));
            }
        }
    }

    /** All that must be known after a restart. */
    void describe(List<Entry> entries) {
        entries.add(new Entry.Opened(clientId, owner, expirySeconds));
        subscriptions.values().forEach(each -> entries.add(new Entry.Subscribed(clientId, each.text(), each.options(),
            each.id(), each.boot(), each.since())));
        List<Long> waiting = new ArrayList<>();
        delivery.flights().describe(entries, waiting);
        delivery.describeWaiting(waiting);
        if (!waiting.isEmpty()) {
            entries.add(new Entry.Waiting(clientId, waiting.stream().mapToLong(Long::longValue).toArray()));
        }
        inbox.forEachStored((packetId, key) -> entries.add(new Entry.Unreleased(clientId, packetId, key.stream().label(),
            key.epoch(), key.sequence())));
    }

    /** Lets go of what it holds. */
    void end() {
        connected = false;
        delivery.end();
        subscriptions = Map.of();
    }
}
