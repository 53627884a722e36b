// SPDX-License-Identifier: Apache-2.0
package edge.broker.session;

import edge.broker.base.Filters;
import edge.broker.state.Entry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One client's session: its subscriptions, what has been sent to it and is not settled, and what waits for it.
 *
 * <p>A durable session outlives the process. What waits for it are positions in the journal, so that it takes eight bytes a
 * message; the messages themselves are read when it is their turn. Any other session ends with its connection and holds its
 * messages in memory, within bounds. When a queue is full, newer messages are dropped and counted. Loop only.
 */
public final class Session {

    /** One that waits in memory. */
    private record Waiting(Parcel parcel, int qos, boolean retain, int[] ids) {
    }

    private final String clientId;
    private final String owner;
    private final Backing backing;
    private final boolean durable;
    private long expirySeconds;
    private long goneSince = System.nanoTime();
    private Map<String, Subscription> subscriptions = Map.of();
    private final Inbox inbox = new Inbox();
    private Link link;

    private Map<Integer, Flight> flights = Map.of();
    private final Deque<Waiting> memory = new ArrayDeque<>(0);
    /** Retained messages for a new subscription. Their payloads are those that are kept anyway. */
    private final Deque<Waiting> retained = new ArrayDeque<>(0);
    /** Bytes of what is in memory, in flight or waiting, and nowhere else. */
    private long memoryBytes;
    private final PositionQueue stored = new PositionQueue();
    /** What was in flight when the client came back, and is to be sent again first. */
    private final Deque<Flight> again = new ArrayDeque<>(0);
    /** What has been read from the journal and is not sent yet. */
    private Map<Long, Parcel> fetched = Map.of();
    private boolean fetching;
    private boolean pumping;
    private int lastId;
    private long marked;
    private boolean unnoted;
    private long dropped;

    /** @param durable whether it outlives the process */
    Session(String clientId, String owner, boolean durable, long expirySeconds, Backing backing) {
        this.clientId = clientId;
        this.owner = owner;
        this.durable = durable;
        this.expirySeconds = expirySeconds;
        this.backing = backing;
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
        return link == null && (now - goneSince) / 1_000_000_000L >= expirySeconds;
    }

    public boolean isConnected() {
        return link != null;
    }

    /** Messages of QoS 1 and 2 that wait or are not acknowledged. */
    public int queued() {
        return retained.size() + memory.size() + stored.size() + flights.size();
    }

    /** Messages that it did not get. */
    public long dropped() {
        return dropped;
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

    // ------------------------------------------------------------------------------------------------- connection

    /** The client is there: what was not settled is sent again at once, in its order (MQTT-4.4.0-1). */
    public void connected(Link by) {
        link = by;
        again.clear();
        again.addAll(flights.values());
        pump();
    }

    /** The client is gone. */
    public void disconnected() {
        link = null;
        goneSince = System.nanoTime();
        again.clear();
        retained.removeIf(waiting -> waiting.qos() == 0);
        fetched = Map.of();
        for (Flight flight : flights.values()) {
            if (flight.position != 0) {
                flight.parcel = null;
            }
        }
    }

    // ------------------------------------------------------------------------------------------------- deliveries

    /** Delivers a message that is not in the journal, or need not be for this session. */
    void deliver(Parcel parcel, int qos, boolean retain, int[] ids) {
        if (qos == 0) {
            deliverOnce(parcel, retain, ids);
        } else if (memory.isEmpty() && stored.isEmpty() && canSend()) {
            memoryBytes += parcel.size();
            send(parcel, qos, retain, ids, 0);
        } else if (backing.limits().hasRoom(memory.size() + (durable ? 0 : flights.size()), memoryBytes, parcel.size())) {
            memoryBytes += parcel.size();
            memory.add(new Waiting(parcel, qos, retain, ids));
        } else {
            drop(true);
        }
    }

    /** Sends a new subscription what is retained; more than one such set may not wait. */
    void deliverRetained(List<Parcel> parcels, int qos, int[] ids) {
        if (retained.size() > backing.limits().messages()) {
            parcels.forEach(parcel -> drop(parcel.qos() > 0 && qos > 0));
            return;
        }
        for (Parcel parcel : parcels) {
            int granted = Math.min(parcel.qos(), qos);
            memoryBytes += granted == 0 ? 0 : parcel.size();
            retained.add(new Waiting(parcel, granted, true, ids));
        }
        pump();
    }

    private void deliverOnce(Parcel parcel, boolean retain, int[] ids) {
        if (link != null) {
            if (link.isWritable()) {
                link.send(parcel, 0, false, retain, 0, ids);
            } else {
                drop(false);
            }
        }
    }

    private void drop(boolean promised) {
        dropped++;
        backing.dropped(this, promised);
    }

    /**
     * A message that is in the journal.
     *
     * @param match how it is wanted
     * @param shared whether it came through a shared subscription
     */
    void feed(Parcel parcel, Match match, boolean shared) {
        long position = shared ? -parcel.position() : parcel.position();
        if (memory.isEmpty() && stored.isEmpty() && canSend()) {
            boolean retain = parcel.retain() && match.retainAsPublished();
            send(parcel, Math.min(parcel.qos(), match.qos()), retain, match.ids(), position);
        } else {
            enqueue(position);
        }
    }

    /** A message waits, of which only the position is known. */
    void enqueue(long position) {
        if (stored.size() < backing.limits().stored() && backing.mayStore()) {
            stored.add(position);
            backing.storedChanged(1);
        } else {
            drop(true);
        }
    }

    private boolean canSend() {
        return link != null && again.isEmpty() && retained.isEmpty() && !pumping && flights.size() < link.window() && link.isWritable();
    }

    /** Sends what waits, as far as the client takes it. */
    public void pump() {
        if (pumping) {
            return;
        }
        pumping = true;
        try {
            if (sendAgain()) {
                while (link != null && flights.size() < link.window() && link.isWritable() && sendNext()) {
                    // Until nothing waits or the client takes no more.
                }
            }
        } finally {
            pumping = false;
        }
    }

    /** Returns true when everything that was in flight has been sent again. */
    private boolean sendAgain() {
        while (!again.isEmpty()) {
            if (link == null || !link.isWritable()) {
                return false;
            }
            Flight flight = again.peek();
            if (flight.phase == Flight.Phase.RELEASED) {
                link.release(flight.packetId);
            } else if (flight.phase == Flight.Phase.SENT && flights.get(flight.packetId) == flight) {
                if (flight.parcel == null && !recall(flight)) {
                    return false;
                }
                if (flight.parcel == null) {
                    gone(flight);
                } else if (!link.send(flight.parcel, flight.qos, true, flight.retain, flight.packetId, flight.ids)) {
                    settled(flight);
                }
            }
            again.remove();
        }
        return true;
    }

    /** Has the message of a flight in memory, or knows that it is gone. False if it is being read. */
    private boolean recall(Flight flight) {
        Optional<Optional<Parcel>> read = parcel(flight.position);
        if (read.isEmpty()) {
            List<Long> positions = new ArrayList<>();
            again.stream().filter(f -> f.parcel == null && f.position != 0).forEach(f -> positions.add(f.position));
            fetch(positions);
            return false;
        }
        flight.parcel = read.get().orElse(null);
        return true;
    }

    private void gone(Flight flight) {
        settled(flight);
        drop(true);
    }

    /** Sends one that waits. False if there is none, or it has to be read first. */
    private boolean sendNext() {
        Waiting waiting = retained.isEmpty() ? memory.poll() : retained.poll();
        if (waiting != null && waiting.qos() == 0) {
            link.send(waiting.parcel(), 0, false, waiting.retain(), 0, waiting.ids());
            return true;
        }
        if (waiting != null) {
            send(waiting.parcel(), waiting.qos(), waiting.retain(), waiting.ids(), 0);
            return true;
        }
        if (stored.isEmpty()) {
            return false;
        }
        long position = stored.get(0);
        Optional<Optional<Parcel>> read = parcel(position);
        if (read.isEmpty()) {
            List<Long> positions = new ArrayList<>();
            for (int i = 0; i < Math.min(stored.size(), backing.limits().fetch()); i++) {
                positions.add(stored.get(i));
            }
            fetch(positions);
            return false;
        }
        stored.remove();
        unnoted = true;
        backing.storedChanged(-1);
        if (!fetched.isEmpty()) {
            fetched.remove(Math.abs(position));
        }
        if (read.get().isEmpty()) {
            drop(true);
        } else {
            sendStored(read.get().get(), position);
        }
        return true;
    }

    private void sendStored(Parcel parcel, long position) {
        Optional<Match> match = match(parcel.topic(), position < 0);
        int qos = match.map(m -> Math.min(m.qos(), parcel.qos())).orElse(-1);
        if (qos == 0) {
            deliverOnce(parcel, parcel.retain() && match.get().retainAsPublished(), match.get().ids());
        } else if (qos > 0) {
            send(parcel, qos, parcel.retain() && match.get().retainAsPublished(), match.get().ids(), position);
        }
        // Nobody subscribes any more: nothing is owed.
    }

    /** How it wants messages of that topic now. */
    private Optional<Match> match(String topic, boolean shared) {
        List<Subscription> found = new ArrayList<>(1);
        for (Subscription each : subscriptions.values()) {
            if (each.isShared() == shared && Filters.matches(each.filter(), topic)) {
                found.add(each);
            }
        }
        return found.isEmpty() ? Optional.empty() : Optional.of(Match.of(this, found));
    }

    /** The message at a position; the inner empty if it is gone, the outer empty if it has to be read. */
    private Optional<Optional<Parcel>> parcel(long position) {
        Parcel recent = backing.recent(Math.abs(position));
        if (recent != null) {
            return Optional.of(Optional.of(recent));
        }
        if (fetched.containsKey(Math.abs(position))) {
            return Optional.of(Optional.ofNullable(fetched.get(Math.abs(position))));
        }
        return Optional.empty();
    }

    private void fetch(List<Long> positions) {
        if (!fetching) {
            fetching = true;
            backing.fetch(positions.stream().map(Math::abs).sorted().distinct().toList(), found -> {
                fetching = false;
                if (link != null) {
                    fetched = new HashMap<>(found);
                    pump();
                }
            });
        }
    }

    private void send(Parcel parcel, int qos, boolean retain, int[] ids, long position) {
        if (parcel.isExpired()) {
            forget(parcel, position);
            return;
        }
        boolean noted = qos == 2 && durable && position != 0;
        Flight flight = new Flight(nextId(), parcel, qos, retain, ids, position,
            noted ? Flight.Phase.NOTING : Flight.Phase.SENT);
        if (flights.isEmpty()) {
            flights = new LinkedHashMap<>(4);
        }
        flights.put(flight.packetId, flight);
        if (noted) {
            backing.append(new Entry.Sent(clientId, flight.packetId, position), () -> sendNoted(flight));
        } else if (!link.send(parcel, qos, false, retain, flight.packetId, ids)) {
            settled(flight);
        }
    }

    private void forget(Parcel parcel, long position) {
        if (position == 0) {
            memoryBytes -= parcel.size();
        }
    }

    private void sendNoted(Flight flight) {
        if (flight.phase != Flight.Phase.NOTING || flights.get(flight.packetId) != flight) {
            return;
        }
        flight.phase = Flight.Phase.SENT;
        if (link == null) {
            return;
        }
        if (flight.parcel == null) {
            // It was gone and came back meanwhile.
            again.add(flight);
            pump();
        } else if (!link.send(flight.parcel, flight.qos, false, flight.retain, flight.packetId, flight.ids)) {
            settled(flight);
        }
    }

    private int nextId() {
        do {
            lastId = lastId == 65_535 ? 1 : lastId + 1;
        } while (flights.containsKey(lastId));
        return lastId;
    }

    // -------------------------------------------------------------------------------------------- acknowledgements

    /** A PUBACK has come. */
    public void acknowledged(int packetId) {
        Flight flight = flights.get(packetId);
        if (flight != null && flight.qos == 1) {
            settled(flight);
            pump();
        }
    }

    /**
     * A PUBREC has come.
     *
     * @return false if there is no such message
     */
    public boolean received(int packetId) {
        Flight flight = flights.get(packetId);
        if (flight == null || flight.qos != 2 || flight.phase == Flight.Phase.NOTING) {
            return false;
        }
        if (flight.phase == Flight.Phase.SENT) {
            flight.parcel = flight.position == 0 ? flight.parcel : null;
            if (durable && flight.position != 0) {
                flight.phase = Flight.Phase.RELEASING;
                backing.append(new Entry.Received(clientId, packetId), () -> released(flight));
            } else {
                released(flight);
            }
        } else if (flight.phase == Flight.Phase.RELEASED) {
            link.release(packetId);
        }
        return true;
    }

    private void released(Flight flight) {
        flight.phase = Flight.Phase.RELEASED;
        if (link != null && flights.get(flight.packetId) == flight) {
            link.release(flight.packetId);
        }
    }

    /** A PUBREC of MQTT 5 with a reason that ends the delivery. */
    public void refused(int packetId) {
        Flight flight = flights.get(packetId);
        if (flight != null && flight.qos == 2) {
            settled(flight);
            pump();
        }
    }

    /** A PUBCOMP has come. */
    public void completed(int packetId) {
        Flight flight = flights.get(packetId);
        if (flight != null && flight.phase == Flight.Phase.RELEASED) {
            settled(flight);
            pump();
        }
    }

    private void settled(Flight flight) {
        flights.remove(flight.packetId);
        unnoted = durable;
        if (flight.position == 0) {
            memoryBytes -= flight.parcel.size();
        } else if (flight.qos == 2) {
            backing.append(new Entry.Completed(clientId, flight.packetId));
        }
    }

    // ------------------------------------------------------------------------------------------------- on the disk

    /** Tells how far it has come since it told the last time. */
    void note(long fed) {
        if (!unnoted) {
            return;
        }
        unnoted = false;
        long first = stored.isEmpty() ? Long.MAX_VALUE : Math.abs(stored.get(0));
        for (Flight flight : flights.values()) {
            if (flight.position != 0 && flight.qos == 1) {
                first = Math.min(first, Math.abs(flight.position));
            }
        }
        long mark = first == Long.MAX_VALUE ? fed : first - 1;
        if (mark > marked) {
            marked = mark;
            backing.append(new Entry.Mark(clientId, mark));
        }
    }

    /** All that must be known after a restart. */
    void describe(List<Entry> entries) {
        entries.add(new Entry.Opened(clientId, owner, expirySeconds));
        subscriptions.values().forEach(each -> entries.add(new Entry.Subscribed(clientId, each.text(), each.options(),
            each.id(), each.boot(), each.since())));
        List<Long> waiting = new ArrayList<>();
        for (Flight flight : flights.values()) {
            if (flight.position != 0 && flight.qos == 2) {
                entries.add(new Entry.Sent(clientId, flight.packetId, flight.position));
                if (flight.phase == Flight.Phase.RELEASING || flight.phase == Flight.Phase.RELEASED) {
                    entries.add(new Entry.Received(clientId, flight.packetId));
                }
            } else if (flight.position != 0) {
                waiting.add(flight.position);
            }
        }
        for (long position : stored.toArray()) {
            waiting.add(position);
        }
        if (!waiting.isEmpty()) {
            entries.add(new Entry.Waiting(clientId, waiting.stream().mapToLong(Long::longValue).toArray()));
        }
        inbox.forEachStored((packetId, key) -> entries.add(new Entry.Unreleased(clientId, packetId, key.stream().label(),
            key.epoch(), key.sequence())));
    }

    /** Takes over what was known before a restart. */
    void restore(int packetId, long position, boolean isReleased) {
        if (flights.isEmpty()) {
            flights = new LinkedHashMap<>(4);
        }
        flights.put(packetId, new Flight(packetId, null, 2, false, new int[0], position,
            isReleased ? Flight.Phase.RELEASED : Flight.Phase.SENT));
        lastId = Math.max(lastId, packetId);
    }

    /** Lets go of what it holds. */
    void end() {
        backing.storedChanged(-stored.size());
        stored.clear();
        memory.clear();
        retained.clear();
        flights = Map.of();
        again.clear();
        subscriptions = Map.of();
        link = null;
    }
}
