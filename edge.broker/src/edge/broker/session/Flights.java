// SPDX-License-Identifier: Apache-2.0
package edge.broker.session;

import edge.broker.state.Entry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The messages of QoS 1 and 2 that a session has sent and that are not settled: their packet ids, their acknowledgements, and
 * what is sent again when the client comes back. Loop only.
 */
final class Flights {

    /** Whose flights they are. */
    interface Owner {

        /** There may be room for more, or something to go on with. */
        void pump();

        /** A message that was promised is gone. */
        void lost();
    }

    private final String clientId;
    private final boolean durable;
    private final Backing backing;
    private final Recall recall;
    private final Owner owner;
    private Map<Integer, Flight> all = Map.of();
    /** What was in flight when the client came back, and is to be sent again first. */
    private final Deque<Flight> again = new ArrayDeque<>(0);
    private Link link;
    private int lastId;
    /** Bytes of messages that are nowhere else. */
    private long memoryBytes;
    private boolean changed;

    /** @param durable whether the session outlives the process */
    Flights(String clientId, boolean durable, Backing backing, Recall recall, Owner owner) {
        this.clientId = clientId;
        this.durable = durable;
        this.backing = backing;
        this.recall = recall;
        this.owner = owner;
    }

    int size() {
        return all.size();
    }

    long memoryBytes() {
        return memoryBytes;
    }

    /** Whether the client takes one more. */
    boolean hasRoom() {
        return link != null && all.size() < link.window() && link.isWritable();
    }

    /** Whether what was in flight before has to go first. */
    boolean isBehind() {
        return !again.isEmpty();
    }

    /** Whether something was settled since the last call. */
    boolean takeChanged() {
        boolean was = changed;
        changed = false;
        return was;
    }

    // -------------------------------------------------------------------------------------------------- connection

    /** What was not settled is to be sent again, in its order (MQTT-4.4.0-1). */
    void connected(Link by) {
        link = by;
        again.clear();
        again.addAll(all.values());
    }

    /** What is in the journal need not be in memory while nobody can be sent it. */
    void disconnected() {
        link = null;
        again.clear();
        for (Flight flight : all.values()) {
            if (flight.position != 0) {
                flight.parcel = null;
            }
        }
    }

    /** Returns true when everything that was in flight has been sent again. */
    boolean sendAgain() {
        while (!again.isEmpty()) {
            if (link == null || !link.isWritable()) {
                return false;
            }
            Flight flight = again.peek();
            if (flight.phase == Flight.Phase.RELEASED) {
                link.release(flight.packetId);
            } else if (flight.phase == Flight.Phase.SENT && all.get(flight.packetId) == flight) {
                if (flight.parcel == null && !recall(flight)) {
                    return false;
                }
                if (flight.parcel == null) {
                    settled(flight);
                    owner.lost();
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
        Optional<Optional<Parcel>> read = recall.find(flight.position);
        if (read.isEmpty()) {
            List<Long> positions = new ArrayList<>();
            again.stream().filter(f -> f.parcel == null && f.position != 0).forEach(f -> positions.add(f.position));
            recall.read(positions);
            return false;
        }
        flight.parcel = read.get().orElse(null);
        return true;
    }

    // ----------------------------------------------------------------------------------------------------- sending

    /**
     * Sends a message for the first time, if it has not expired.
     *
     * @param position where it is in the journal, 0 if nowhere; negative if it came through a shared subscription
     */
    void send(Parcel parcel, int qos, boolean retain, int[] ids, long position) {
        if (parcel.isExpired()) {
            return;
        }
        boolean noted = qos == 2 && durable && position != 0;
        Flight flight = new Flight(nextId(), parcel, qos, retain, ids, position,
            noted ? Flight.Phase.NOTING : Flight.Phase.SENT);
        add(flight);
        memoryBytes += position == 0 ? parcel.size() : 0;
        if (noted) {
            backing.append(new Entry.Sent(clientId, flight.packetId, position), () -> sendNoted(flight));
        } else if (!link.send(parcel, qos, false, retain, flight.packetId, ids)) {
            settled(flight);
        }
    }

    private void add(Flight flight) {
        if (all.isEmpty()) {
            all = new LinkedHashMap<>(4);
        }
        all.put(flight.packetId, flight);
    }

    private void sendNoted(Flight flight) {
        if (flight.phase != Flight.Phase.NOTING || all.get(flight.packetId) != flight) {
            return;
        }
        flight.phase = Flight.Phase.SENT;
        // What is sent again has the order in which it was sent first (MQTT-4.6.0-1).
        all.remove(flight.packetId);
        all.put(flight.packetId, flight);
        if (link == null) {
            return;
        }
        if (flight.parcel == null) {
            // The client was gone and came back meanwhile.
            again.add(flight);
            owner.pump();
        } else if (!link.send(flight.parcel, flight.qos, false, flight.retain, flight.packetId, flight.ids)) {
            settled(flight);
        }
    }

    private int nextId() {
        do {
            lastId = lastId == 65_535 ? 1 : lastId + 1;
        } while (all.containsKey(lastId));
        return lastId;
    }

    // -------------------------------------------------------------------------------------------- acknowledgements

    /** A PUBACK has come. */
    void acknowledged(int packetId) {
        Flight flight = all.get(packetId);
        if (flight != null && flight.qos == 1) {
            settled(flight);
            owner.pump();
        }
    }

    /**
     * A PUBREC has come.
     *
     * @return false if there is no such message
     */
    boolean received(int packetId) {
        Flight flight = all.get(packetId);
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
        if (link != null && all.get(flight.packetId) == flight) {
            link.release(flight.packetId);
        }
    }

    /** A PUBREC of MQTT 5 with a reason that ends the delivery. */
    void refused(int packetId) {
        Flight flight = all.get(packetId);
        if (flight != null && flight.qos == 2) {
            settled(flight);
            owner.pump();
        }
    }

    /** A PUBCOMP has come. */
    void completed(int packetId) {
        Flight flight = all.get(packetId);
        if (flight != null && flight.phase == Flight.Phase.RELEASED) {
            settled(flight);
            owner.pump();
        }
    }

    private void settled(Flight flight) {
        all.remove(flight.packetId);
        changed = true;
        if (flight.position == 0) {
            memoryBytes -= flight.parcel.size();
        } else if (flight.qos == 2) {
            backing.append(new Entry.Completed(clientId, flight.packetId));
        }
    }

    // ------------------------------------------------------------------------------------------------- on the disk

    /** The oldest position in the journal of a message of QoS 1; the greatest number if there is none. */
    long oldestPosition() {
        long oldest = Long.MAX_VALUE;
        for (Flight flight : all.values()) {
            if (flight.position != 0 && flight.qos == 1) {
                oldest = Math.min(oldest, Math.abs(flight.position));
            }
        }
        return oldest;
    }

    /**
     * All that must be known after a restart.
     *
     * @param waiting gets the positions of what is just to be sent again
     */
    void describe(List<Entry> entries, List<Long> waiting) {
        for (Flight flight : all.values()) {
            if (flight.position != 0 && flight.qos == 2) {
                entries.add(new Entry.Sent(clientId, flight.packetId, flight.position));
                if (flight.phase == Flight.Phase.RELEASING || flight.phase == Flight.Phase.RELEASED) {
                    entries.add(new Entry.Received(clientId, flight.packetId));
                }
            } else if (flight.position != 0) {
                waiting.add(flight.position);
            }
        }
    }

    /** Takes over what was known before a restart. */
    void restore(int packetId, long position, boolean isReleased) {
        add(new Flight(packetId, null, 2, false, new int[0], position, isReleased ? Flight.Phase.RELEASED : Flight.Phase.SENT));
        lastId = Math.max(lastId, packetId);
    }

    void clear() {
        link = null;
        all = Map.of();
        again.clear();
        memoryBytes = 0;
    }
}
