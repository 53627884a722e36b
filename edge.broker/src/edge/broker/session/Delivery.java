// SPDX-License-Identifier: Apache-2.0
package edge.broker.session;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The way of messages to the client of one session: at once if it takes them and nothing waits before, else by a queue, of which
 * the bounds are in {@link Backing.Limits}. When a queue is full, newer messages are dropped and counted. Loop only.
 */
final class Delivery implements Flights.Owner {

    /** One that waits in memory. */
    private record Waiting(Parcel parcel, int qos, boolean retain, int[] ids) {
    }

    private final Session session;
    private final Backing backing;
    private final Recall recall;
    private final Flights flights;
    private final Deque<Waiting> memory = new ArrayDeque<>(0);
    /** Retained messages for a new subscription. Their payloads are those that are kept anyway. */
    private final Deque<Waiting> retained = new ArrayDeque<>(0);
    /** Bytes of what waits in memory. */
    private long waitingBytes;
    /** What waits in the journal. */
    private final PositionQueue stored = new PositionQueue();
    private Link link;
    private boolean pumping;
    private boolean changed;
    private long dropped;

    Delivery(Session session, Backing backing) {
        this.session = session;
        this.backing = backing;
        recall = new Recall(backing, this::pump);
        flights = new Flights(session.clientId(), session.isDurable(), backing, recall, this);
    }

    Flights flights() {
        return flights;
    }

    /** Messages of QoS 1 and 2 that wait or are not acknowledged. */
    int queued() {
        return retained.size() + memory.size() + stored.size() + flights.size();
    }

    long dropped() {
        return dropped;
    }

    // -------------------------------------------------------------------------------------------------- connection

    void connected(Link by) {
        link = by;
        flights.connected(by);
        pump();
    }

    void disconnected() {
        link = null;
        retained.removeIf(waiting -> waiting.qos() == 0);
        recall.stop();
        flights.disconnected();
    }

    void end() {
        link = null;
        backing.storedChanged(-stored.size());
        stored.clear();
        memory.clear();
        retained.clear();
        recall.stop();
        flights.clear();
    }

    // -------------------------------------------------------------------------------------------------- what comes

    /** Takes a message that is not in the journal, or need not be for this session. */
    void take(Parcel parcel, int qos, boolean retain, int[] ids) {
        if (qos == 0) {
            sendOnce(parcel, retain, ids);
        } else if (goesAtOnce()) {
            flights.send(parcel, qos, retain, ids, 0);
        } else if (backing.limits().hasRoom(memory.size() + (session.isDurable() ? 0 : flights.size()),
            waitingBytes + flights.memoryBytes(), parcel.size())) {
            waitingBytes += parcel.size();
            memory.add(new Waiting(parcel, qos, retain, ids));
        } else {
            drop(true);
        }
    }

    /** Takes what is retained for a new subscription; more than one such set may not wait. */
    void takeRetained(List<Parcel> parcels, int qos, int[] ids) {
        if (retained.size() > backing.limits().messages()) {
            parcels.forEach(parcel -> drop(parcel.qos() > 0 && qos > 0));
            return;
        }
        for (Parcel parcel : parcels) {
            int granted = Math.min(parcel.qos(), qos);
            waitingBytes += granted == 0 ? 0 : parcel.size();
            retained.add(new Waiting(parcel, granted, true, ids));
        }
        pump();
    }

    /**
     * Takes a message that is in the journal.
     *
     * @param match how it is wanted
     * @param shared whether it came through a shared subscription
     */
    void takeStored(Parcel parcel, Match match, boolean shared) {
        long position = shared ? -parcel.position() : parcel.position();
        if (goesAtOnce()) {
            boolean retain = parcel.retain() && match.retainAsPublished();
            flights.send(parcel, Math.min(parcel.qos(), match.qos()), retain, match.ids(), position);
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

    private boolean goesAtOnce() {
        return memory.isEmpty() && stored.isEmpty() && retained.isEmpty() && !flights.isBehind() && !pumping && flights.hasRoom();
    }

    private void drop(boolean promised) {
        dropped++;
        backing.dropped(session, promised);
    }

    @Override
    public void lost() {
        drop(true);
    }

    // -------------------------------------------------------------------------------------------------- what goes

    /** Sends what waits, as far as the client takes it. */
    @Override
    public void pump() {
        if (pumping) {
            return;
        }
        pumping = true;
        try {
            if (flights.sendAgain()) {
                while (flights.hasRoom() && sendNext()) {
                    // Until nothing waits or the client takes no more.
                }
            }
        } finally {
            pumping = false;
        }
    }

    /** Sends one that waits. False if there is none, or it has to be read first. */
    private boolean sendNext() {
        Waiting waiting = retained.isEmpty() ? memory.poll() : retained.poll();
        if (waiting == null) {
            return !stored.isEmpty() && sendStored();
        }
        if (waiting.qos() == 0) {
            link.send(waiting.parcel(), 0, false, waiting.retain(), 0, waiting.ids());
        } else {
            waitingBytes -= waiting.parcel().size();
            flights.send(waiting.parcel(), waiting.qos(), waiting.retain(), waiting.ids(), 0);
        }
        return true;
    }

    private boolean sendStored() {
        long position = stored.get(0);
        Optional<Optional<Parcel>> read = recall.find(position);
        if (read.isEmpty()) {
            List<Long> positions = new ArrayList<>();
            for (int i = 0; i < Math.min(stored.size(), backing.limits().fetch()); i++) {
                positions.add(stored.get(i));
            }
            recall.read(positions);
            return false;
        }
        stored.remove();
        changed = true;
        backing.storedChanged(-1);
        recall.forget(position);
        if (read.get().isEmpty()) {
            drop(true);
        } else {
            sendStored(read.get().get(), position);
        }
        return true;
    }

    private void sendStored(Parcel parcel, long position) {
        Optional<Match> match = session.match(parcel.topic(), position < 0);
        int qos = match.map(m -> Math.min(m.qos(), parcel.qos())).orElse(-1);
        if (qos == 0) {
            sendOnce(parcel, parcel.retain() && match.get().retainAsPublished(), match.get().ids());
        } else if (qos > 0) {
            flights.send(parcel, qos, parcel.retain() && match.get().retainAsPublished(), match.get().ids(), position);
        }
        // Nobody subscribes any more: nothing is owed.
    }

    private void sendOnce(Parcel parcel, boolean retain, int[] ids) {
        if (link != null) {
            if (link.isWritable()) {
                link.send(parcel, 0, false, retain, 0, ids);
            } else {
                drop(false);
            }
        }
    }

    // ------------------------------------------------------------------------------------------------- on the disk

    /** Whether it has come on since the last call. */
    boolean takeChanged() {
        boolean settled = flights.takeChanged();
        boolean was = changed || settled;
        changed = false;
        return was;
    }

    /** The oldest position in the journal that is not settled; the greatest number if everything is. */
    long oldestPosition() {
        long waiting = stored.isEmpty() ? Long.MAX_VALUE : Math.abs(stored.get(0));
        return Math.min(waiting, flights.oldestPosition());
    }

    /** The positions of what waits in the journal, in order. */
    void describeWaiting(List<Long> positions) {
        for (long position : stored.toArray()) {
            positions.add(position);
        }
    }
}
