// SPDX-License-Identifier: Apache-2.0
package edge.broker.session;

import edge.api.gateway.GatewayClock;
import edge.api.journal.Journal;
import edge.api.message.RecordKey;
import edge.broker.base.Loop;
import edge.broker.state.Entry;
import edge.broker.state.StateLog;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Every session, connected or not, and the way of messages to them. Loop only. */
public final class Sessions {

    /** Positions in the journal that all sessions together may hold: eight bytes each. */
    private static final int MAX_STORED = 1_000_000;
    /** What waits is kept on disk at the latest after so many more messages: a restart reads as many again. */
    private static final long KEEP_AFTER = 200_000;

    /** Is told of each message that a subscriber does not get. */
    @FunctionalInterface
    public interface Drops {

        /** @param promised whether its QoS promised delivery; false for QoS 0 */
        void dropped(String clientId, boolean promised);
    }

    private final GatewayClock clock;
    private final StateLog state;
    private final RetainedMessages retained;
    private final Drops drops;
    private final Backing.Limits limits;
    private final Map<String, Session> all = new HashMap<>();
    private final Router router;
    private final StoredMessages stored;
    private final Backing backing = new Store();
    private int durable;
    private int positions;
    private boolean devices;
    /** Subscriptions that may be of devices. Changed on the loop only. */
    private volatile int deviceSubscriptions;

    /**
     * @param readable whether the owner of a session may still read what a filter selects: session and filter
     * @param rules what {@code readable} goes by: another object as soon as it may say otherwise
     * @param queueMessages most messages that a session has in memory
     * @param queueBytes most bytes of them
     * @param storedMessages most messages that wait in the journal for a session
     */
    public Sessions(Loop loop, GatewayClock clock, Supplier<Optional<Journal>> journals, StateLog state,
                    RetainedMessages retained, Drops drops, BiPredicate<Session, Subscription> readable, Supplier<?> rules,
                    int queueMessages, long queueBytes, int storedMessages) {
        this.clock = clock;
        this.state = state;
        this.retained = retained;
        this.drops = drops;
        limits = new Backing.Limits(queueMessages, queueBytes, storedMessages, 128);
        router = new Router(all::get, match -> match.subscriptions().stream()
            .allMatch(subscription -> readable.test(match.session(), subscription)), rules);
        stored = new StoredMessages(loop, journals, clock, state, router, all::get);
    }

    private final class Store implements Backing {
        @Override
        public Limits limits() {
            return limits;
        }

        @Override
        public boolean mayStore() {
            return positions < MAX_STORED;
        }

        @Override
        public void storedChanged(int by) {
            positions += by;
        }

        @Override
        public void dropped(Session session, boolean promised) {
            drops.dropped(session.clientId(), promised);
        }

        @Override
        public void append(Entry entry) {
            state.append(entry);
        }

        @Override
        public void append(Entry entry, Runnable whenSafe) {
            state.append(entry, whenSafe);
        }

        @Override
        public Parcel recent(long position) {
            return stored.recent(position);
        }

        @Override
        public void fetch(List<Long> wanted, Consumer<Map<Long, Parcel>> found) {
            stored.fetch(wanted, found);
        }
    }

    // --------------------------------------------------------------------------------------------------- restart

    /**
     * Takes over what was on disk.
     *
     * @param restored runs when every session knows what waits for it
     */
    public void restore(List<Entry> entries, Runnable restored) {
        Image.All images = Image.of(entries);
        images.retained.forEach(retained::restore);
        images.sessions.forEach(this::restore);
        if (durable == 0) {
            restored.run();
        } else {
            stored.restore(images, devices, restored);
        }
    }

    private void restore(String client, Image image) {
        Session session = create(client, image.owner, true, image.expirySeconds);
        image.subscriptions.values().forEach(subscription -> {
            session.put(subscription);
            router.add(session, subscription);
            counted(subscription, 1);
            devices |= mayBeOfDevices(subscription.filter());
        });
        image.sent.forEach((packetId, position) ->
            session.delivery().flights().restore(packetId, position, image.received.contains(packetId)));
        Arrays.stream(image.waiting).boxed().filter(position -> !image.knows(position))
            .sorted((a, b) -> Long.compare(Math.abs(a), Math.abs(b))).forEach(session.delivery()::enqueue);
        image.unreleased.forEach((packetId, e) -> Keys.key(e).ifPresent(key -> session.inbox().restore(packetId, key)));
    }

    /** All that must be known after a restart. */
    public List<Entry> describe() {
        List<Entry> entries = new ArrayList<>();
        for (Session session : all.values()) {
            if (session.isDurable()) {
                session.describe(entries);
            }
        }
        stored.describe(entries);
        stored.describeReleased(entries);
        retained.describe(entries);
        return entries;
    }

    /** Writes all that must be known after a restart, in place of what was written before. */
    public void keep() {
        long upTo = stored.fed();
        state.replace(describe());
        state.whenSafe(() -> stored.kept(upTo));
    }

    /** Notes how far deliveries have come, and ends what has expired. To be called every half second or so. */
    public void tick() {
        long now = System.nanoTime();
        List<Session> expired = new ArrayList<>();
        for (Session session : all.values()) {
            if (session.isExpired(now)) {
                expired.add(session);
            } else if (session.isDurable()) {
                session.note(stored.fed());
            }
        }
        expired.forEach(this::end);
        if (stored.fedSinceKept() > KEEP_AFTER) {
            keep();
        }
    }

    // -------------------------------------------------------------------------------------------------- sessions

    public Optional<Session> find(String clientId) {
        return Optional.ofNullable(all.get(clientId));
    }

    public int count() {
        return all.size();
    }

    /** A new session in place of any that there was. */
    public Session begin(String clientId, String owner, boolean outlives, long expirySeconds) {
        find(clientId).ifPresent(this::end);
        Session session = create(clientId, owner, outlives, expirySeconds);
        if (outlives) {
            state.append(new Entry.Opened(clientId, owner, expirySeconds));
        }
        return session;
    }

    private Session create(String clientId, String owner, boolean outlives, long expirySeconds) {
        Session session = new Session(clientId, owner, outlives, expirySeconds, backing);
        all.put(clientId, session);
        durable += outlives ? 1 : 0;
        return session;
    }

    public void end(Session session) {
        if (all.remove(session.clientId(), session)) {
            session.subscriptions().forEach(subscription -> {
                router.remove(session, subscription);
                counted(subscription, -1);
            });
            if (session.isDurable()) {
                durable--;
                state.append(new Entry.Ended(session.clientId()));
                stored.forget(session);
            }
            session.end();
        }
    }

    /** The client is there, perhaps in another role than before: what it may read is asked anew. */
    public void connected(Session session, Link by) {
        router.forget();
        session.connected(by);
    }

    /** Runs the action when what has been changed for that session is on disk and nothing of what it waits for can be missed. */
    public void whenSafe(Session session, Runnable action) {
        if (session.isDurable()) {
            state.whenSafe(() -> stored.open(devices, action));
        } else {
            action.run();
        }
    }

    /** A subscription as of now. */
    public Subscription subscription(String filter, int options, int id) {
        return Subscription.of(filter, options, id, clock.bootId().getMostSignificantBits(), clock.now().monotonicNanos());
    }

    /** Adds or replaces a subscription; returns false if one with that filter was there. */
    public boolean subscribe(Session session, Subscription subscription) {
        Optional<Subscription> known = session.subscription(subscription.text());
        // One that is replaced still means the messages from before.
        Subscription kept = known.map(k -> new Subscription(subscription.text(), subscription.filter(),
            subscription.options(), subscription.id(), k.boot(), k.since())).orElse(subscription);
        session.put(kept);
        router.add(session, kept);
        if (known.isEmpty()) {
            counted(kept, 1);
        }
        if (session.isDurable()) {
            devices |= mayBeOfDevices(kept.filter());
            state.append(new Entry.Subscribed(session.clientId(), kept.text(), kept.options(), kept.id(), kept.boot(),
                kept.since()));
        }
        return known.isEmpty();
    }

    private static boolean mayBeOfDevices(String filter) {
        return filter.startsWith("edge/") || filter.startsWith("+") || filter.startsWith("#");
    }

    private void counted(Subscription subscription, int by) {
        if (mayBeOfDevices(subscription.filter())) {
            deviceSubscriptions += by;
        }
    }

    /** Whether a session may want what devices report. Any thread. */
    public boolean mayWantDevices() {
        return deviceSubscriptions > 0;
    }

    /** Returns false if there was no such subscription. */
    public boolean unsubscribe(Session session, String filter) {
        Optional<Subscription> known = session.subscription(filter);
        known.ifPresent(subscription -> {
            router.remove(session, subscription);
            counted(subscription, -1);
            session.remove(filter);
            if (session.isDurable()) {
                state.append(new Entry.Unsubscribed(session.clientId(), filter));
            }
        });
        return known.isPresent();
    }

    /** A client has released a message; the action runs when that will be known after a restart. */
    public void release(Session session, int packetId, Runnable action) {
        Optional<RecordKey> key = session.inbox().release(packetId);
        if (session.isDurable() && key.isPresent()) {
            state.append(stored.release(session.clientId(), packetId, key.get()), action);
        } else {
            action.run();
        }
    }

    // ------------------------------------------------------------------------------------------------- deliveries

    /** Where messages of that topic go. */
    public Route route(String topic) {
        return router.route(topic);
    }

    /** Whether messages for sessions that outlive the process are read from the journal. */
    public boolean isReading() {
        return stored.isOpen();
    }

    /**
     * Delivers a message.
     *
     * @param inJournal whether it has been stored: then sessions that outlive the process get it from there
     */
    public void deliver(Route route, Supplier<Parcel> made, boolean inJournal) {
        if (route.isEmpty()) {
            return;
        }
        Parcel parcel = made.get();
        boolean fed = inJournal && parcel.qos() > 0;
        for (Match match : route.matches()) {
            if (!(fed && match.isStored())) {
                deliver(match, parcel);
            }
        }
        for (ShareGroup group : route.groups()) {
            if (!(fed && group.isStored())) {
                group.choose().ifPresent(match -> deliver(match, parcel));
            }
        }
    }

    private static void deliver(Match found, Parcel parcel) {
        Match match = found;
        if (match.noLocal() && match.session().clientId().equals(parcel.publisher())) {
            if (match.isEcho(parcel.publisher())) {
                return;
            }
            match = Match.of(match.session(), match.subscriptions().stream().filter(s -> !s.noLocal()).toList());
        }
        match.session().delivery().take(parcel, Math.min(parcel.qos(), match.qos()), parcel.retain() && match.retainAsPublished(),
            match.ids());
    }

    /** Sends a new subscription what is retained. */
    public void deliverRetained(Session session, Subscription subscription) {
        int[] ids = subscription.id() > 0 ? new int[] {subscription.id()} : new int[0];
        session.delivery().takeRetained(retained.matching(subscription.filter()), subscription.qos(), ids);
    }

    /** Delivers a message that was to be stored and could not be, to those who would have got it from the journal. */
    public void deliverMissed(Route route, Parcel parcel) {
        for (Match match : route.matches()) {
            if (match.isStored()) {
                deliver(match, parcel);
            }
        }
    }

    /** Messages that wait for a session or are not acknowledged by it. */
    public long queued() {
        return all.values().stream().mapToLong(Session::queued).sum();
    }

    public int subscriptions() {
        return all.values().stream().mapToInt(session -> session.subscriptions().size()).sum();
    }

    /** Ends the reading from the journal. Any thread. */
    public void close() {
        stored.close();
    }
}
