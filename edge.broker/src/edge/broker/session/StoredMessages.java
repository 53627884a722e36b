// SPDX-License-Identifier: Apache-2.0
package edge.broker.session;

import edge.api.gateway.ClockConfidence;
import edge.api.gateway.GatewayClock;
import edge.api.gateway.Moment;
import edge.api.journal.Journal;
import edge.api.journal.JournalRecord;
import edge.api.journal.JournalRecord.Stored;
import edge.api.message.Message;
import edge.api.message.RawMessage;
import edge.api.message.RecordKey;
import edge.api.message.ScanMessage;
import edge.broker.base.Loop;
import edge.broker.state.Entry;
import edge.broker.state.StateLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Hands messages from the journal to the sessions that outlive the process, and finds out after a restart what was handed over
 * and which messages of QoS 2 clients have not released. Loop only.
 */
final class StoredMessages {

    private static final long RECENT_BYTES = 4L << 20;

    private final GatewayClock clock;
    private final Feed feed;
    private final StateLog state;
    private final Router router;
    private final Function<String, Session> sessions;
    private final LinkedHashMap<Long, Parcel> recent = new LinkedHashMap<>();
    private long recentBytes;
    private long fed = Feed.NEVER;
    private long fedSinceKept;

    /** Released messages that have not been read from the journal yet. */
    private final Set<String> released = new HashSet<>();
    /** Messages of QoS 2 that have been read and are not released. */
    private final Set<String> passed = new HashSet<>();

    /** What was known before the restart, until everything has been read that was in the journal then. */
    private Map<String, Image> restoring = Map.of();

    StoredMessages(Loop loop, Supplier<Optional<Journal>> journals, GatewayClock clock, StateLog state, Router router,
                   Function<String, Session> sessions) {
        this.clock = clock;
        this.state = state;
        this.router = router;
        this.sessions = sessions;
        feed = new Feed(loop, journals, this::take);
    }

    /** The name of a record, unique in this gateway. */
    static String text(String stream, long epoch, long sequence) {
        return stream + '/' + epoch + '/' + sequence;
    }

    private static String text(RecordKey key) {
        return text(key.stream().label(), key.epoch(), key.sequence());
    }

    boolean isOpen() {
        return feed.isOpen();
    }

    /** @param ready runs when everything that is stored from now on will reach the sessions, even after a restart */
    void open(boolean withDevices, Runnable ready) {
        feed.open(fed, withDevices, behind -> {
            if (fed == Feed.NEVER) {
                fed = behind;
                state.append(new Entry.Fed(behind), ready);
            } else {
                ready.run();
            }
        });
    }

    /**
     * Begins with what was known before a restart.
     *
     * @param restored runs when everything that was in the journal has been handed over
     */
    void restore(Image.All all, boolean withDevices, Runnable restored) {
        fed = all.fed;
        released.addAll(all.released);
        restoring = new HashMap<>(all.sessions);
        feed.open(fed, withDevices, behind -> fed = Math.max(fed, behind));
        feed.whenCaughtUp(() -> {
            endRestoring();
            restored.run();
        });
    }

    private void endRestoring() {
        for (String client : restoring.keySet()) {
            Session session = sessions.apply(client);
            if (session != null) {
                session.inbox().forEachStored((packetId, key) -> passed.add(text(key)));
            }
        }
        restoring = Map.of();
    }

    long fed() {
        return fed;
    }

    /** Records that have been handed over since what waits was kept on disk. */
    long fedSinceKept() {
        return fedSinceKept;
    }

    /** What the sessions wait for is on disk, up to that position. */
    void kept(long position) {
        feed.acknowledge(position);
    }

    void describe(List<Entry> entries) {
        fedSinceKept = 0;
        if (fed != Feed.NEVER) {
            entries.add(new Entry.Fed(fed));
        }
        // What was settled and has not been read again yet: it must not be taken for new after the next restart.
        restoring.forEach((client, image) -> {
            if (image.mark > fed) {
                entries.add(new Entry.Mark(client, image.mark));
            }
            for (long position : image.completed) {
                entries.add(new Entry.Sent(client, 0, position));
                entries.add(new Entry.Completed(client, 0));
            }
        });
    }

    /** Notes that a client has released a stored message; gives the entry that tells so after a restart. */
    Entry release(String client, int packetId, RecordKey key) {
        if (!passed.remove(text(key))) {
            released.add(text(key));
        }
        return new Entry.Released(client, packetId, key.stream().label(), key.epoch(), key.sequence());
    }

    /** A session has ended with messages that it has not released. */
    void forget(Session session) {
        session.inbox().forEachStored((packetId, key) -> passed.remove(text(key)));
        if (!restoring.isEmpty()) {
            restoring.remove(session.clientId());
        }
    }

    Parcel recent(long position) {
        return recent.get(position);
    }

    void fetch(List<Long> positions, Consumer<Map<Long, Parcel>> found) {
        feed.fetch(positions, result -> {
            Map<Long, Parcel> parcels = new HashMap<>();
            result.looked().forEach(position -> parcels.put(position, null));
            for (JournalRecord record : result.records()) {
                if (record instanceof Stored stored) {
                    parcels.put(record.position(), parcel(stored));
                }
            }
            found.accept(parcels);
        });
    }

    private Parcel parcel(Stored stored) {
        return stored.message() instanceof ScanMessage scan
            ? Parcel.of(scan, stored.position())
            : Parcel.of((RawMessage) stored.message(), stored.position(), aged(stored));
    }

    /** How long a message has waited; a clock that nobody trusts makes nothing older. */
    private long aged(Stored stored) {
        Moment at = stored.message().at();
        Moment now = clock.now();
        if (stored.bootId().equals(clock.bootId())) {
            return Math.max(0, now.monotonicNanos() - at.monotonicNanos());
        }
        boolean trusted = now.confidence() != ClockConfidence.UNSET
            && at.confidence() != ClockConfidence.UNSET;
        return trusted ? Math.max(0, Duration.between(at.wall(), now.wall()).toNanos()) : 0;
    }

    private void take(List<JournalRecord> records) {
        for (JournalRecord record : records) {
            if (record instanceof Stored stored) {
                take(stored);
            }
            fed = record.position();
            fedSinceKept++;
        }
    }

    private void take(Stored stored) {
        Message message = stored.message();
        if (message instanceof RawMessage raw) {
            if (raw.origin().packetId() != 0) {
                unreleased(raw, stored.key());
            }
            if (raw.qos() == 0) {
                return;
            }
        }
        Route route = router.route(message.topic());
        if (route.stored()) {
            Parcel parcel = parcel(stored);
            remember(parcel);
            for (Match match : route.matches()) {
                if (match.isStored()) {
                    meant(match, stored, parcel).ifPresent(m -> feed(m, parcel, false));
                }
            }
            for (ShareGroup group : route.groups()) {
                if (group.isStored()) {
                    group.choose().flatMap(match -> meant(match, stored, parcel)).ifPresent(m -> feed(m, parcel, true));
                }
            }
        }
    }

    private void unreleased(RawMessage raw, RecordKey key) {
        Session session = sessions.apply(raw.origin().clientId());
        if (released.remove(text(key)) || session == null) {
            return;
        }
        if (restoring.isEmpty()) {
            passed.add(text(key));
        } else {
            session.inbox().restore(raw.origin().packetId(), key);
        }
    }

    private void feed(Match match, Parcel parcel, boolean shared) {
        Session session = match.session();
        if (!match.isStored()) {
            session.delivery().take(parcel, Math.min(parcel.qos(), match.qos()), parcel.retain() && match.retainAsPublished(),
                match.ids());
            return;
        }
        Image image = restoring.isEmpty() ? null : restoring.get(session.clientId());
        if (image == null || !image.knows(shared ? -parcel.position() : parcel.position())) {
            session.delivery().takeStored(parcel, match, shared);
        }
    }

    /** The match without the subscriptions that are younger than the message, or do not want what the client itself sent. */
    private Optional<Match> meant(Match match, Stored stored, Parcel parcel) {
        boolean own = match.noLocal() && parcel.publisher().equals(match.session().clientId());
        boolean all = !own;
        for (Subscription each : match.subscriptions()) {
            all &= isMeant(each, stored);
        }
        if (all) {
            return Optional.of(match);
        }
        List<Subscription> left = new ArrayList<>();
        for (Subscription each : match.subscriptions()) {
            if (isMeant(each, stored) && !(own && each.noLocal())) {
                left.add(each);
            }
        }
        return left.isEmpty() ? Optional.empty() : Optional.of(Match.of(match.session(), left)).filter(Match::isStored);
    }

    private boolean isMeant(Subscription subscription, Stored stored) {
        UUID boot = stored.bootId();
        if (subscription.boot() == boot.getMostSignificantBits()) {
            return stored.message().at().monotonicNanos() >= subscription.since();
        }
        return subscription.boot() != clock.bootId().getMostSignificantBits();
    }

    private void remember(Parcel parcel) {
        recent.put(parcel.position(), parcel);
        recentBytes += parcel.size();
        var oldest = recent.entrySet().iterator();
        while (recentBytes > RECENT_BYTES && oldest.hasNext()) {
            recentBytes -= oldest.next().getValue().size();
            oldest.remove();
        }
    }

    /** Entries for what was released and has not been read yet. */
    void describeReleased(List<Entry> entries) {
        for (String key : released) {
            int sequence = key.lastIndexOf('/');
            int epoch = key.lastIndexOf('/', sequence - 1);
            entries.add(new Entry.Released("", 0, key.substring(0, epoch), Long.parseLong(key.substring(epoch + 1, sequence)),
                Long.parseLong(key.substring(sequence + 1))));
        }
    }

    void close() {
        feed.close();
    }
}
