// SPDX-License-Identifier: Apache-2.0
package edge.broker.bus;

import edge.api.access.AccessDeniedException;
import edge.api.device.FieldDevice.Observation;
import edge.api.health.HealthReport.Status;
import edge.api.journal.Journal;
import edge.api.journal.JournalException;
import edge.api.message.Message;
import edge.api.message.MessageBus;
import edge.api.message.RawMessage;
import edge.api.message.Receipt;
import edge.api.message.RecordKey;
import edge.api.message.ScanMessage;
import edge.api.message.StreamId;
import edge.api.message.Topics;
import edge.broker.Alarms;
import edge.broker.Counters;
import edge.broker.base.Loop;
import edge.broker.base.TopicNames;
import edge.broker.session.Parcel;
import edge.broker.session.RetainedMessages;
import edge.broker.session.Route;
import edge.broker.session.Sessions;
import edge.broker.state.StateLog;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one ingest path: authorise, store if somebody wants the message durably, route. One append serves every uplink and every
 * session that outlives the process: a message goes into the stream of its ingest rule, or, if only sessions want it, into the
 * stream that is theirs.
 *
 * <p>A raw message that is to be stored is routed when it is on disk; a scan at once. Without a journal, what must be stored is
 * refused (nothing may be acknowledged that could be lost), and everything else goes on.
 */
public final class IngestBus implements MessageBus {

    private static final Logger LOG = LoggerFactory.getLogger(IngestBus.class);
    private static final StreamId SESSIONS = StreamId.local("sessions");
    private static final int BYTES_PER_READING = 200;
    private static final int BYTES_PER_MESSAGE = 200;
    /** A journal at its limit takes one and refuses the next: it is well only when it has refused nothing for a while. */
    private static final long CALM_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final CompletableFuture<Receipt> NOT_JOURNALED =
        CompletableFuture.completedFuture(Receipt.NOT_JOURNALED);

    private record Subscriber(String filter, Consumer<Message> listener) {
    }

    private final Loop loop;
    private final Supplier<Optional<Journal>> journal;
    private final Supplier<List<IngestRule>> rules;
    private final Sessions sessions;
    private final RetainedMessages retained;
    private final StateLog state;
    private final Alarms alarms;
    private final Counters counters;
    private final List<Subscriber> subscribers = new CopyOnWriteArrayList<>();
    private volatile boolean refusing;
    private volatile long lastRefusal;

    /** @param rules the ingest rules in the order of their names */
    public IngestBus(Loop loop, Supplier<Optional<Journal>> journal, Supplier<List<IngestRule>> rules, Sessions sessions,
                     RetainedMessages retained, StateLog state, Alarms alarms, Counters counters) {
        this.loop = loop;
        this.journal = journal;
        this.rules = rules;
        this.sessions = sessions;
        this.retained = retained;
        this.state = state;
        this.alarms = alarms;
        this.counters = counters;
    }

    @Override
    public CompletionStage<Receipt> publish(Message message) {
        if (message instanceof ScanMessage scan) {
            return publishScan(scan);
        }
        RawMessage raw = (RawMessage) message;
        Optional<String> problem = TopicNames.problemOfName(raw.topic());
        if (problem.isPresent()) {
            return CompletableFuture.failedFuture(new IllegalArgumentException(
                "'" + raw.topic() + "' is not a topic: " + problem.get()));
        }
        Optional<AccessDeniedException> refusal = PublishRules.refusal(raw.caller(), raw.topic());
        if (refusal.isPresent()) {
            return CompletableFuture.failedFuture(refusal.get());
        }
        CompletableFuture<Receipt> result = new CompletableFuture<>();
        boolean taken = loop.route(() -> take(raw).whenComplete((receipt, error) -> {
            if (error == null) {
                result.complete(receipt);
            } else {
                result.completeExceptionally(cause(error));
            }
        }), raw.payload().length + BYTES_PER_MESSAGE);
        return taken ? result : CompletableFuture.failedFuture(new RejectedExecutionException(
            "too many messages wait to be routed; " + raw.topic() + " was not taken"));
    }

    private CompletableFuture<Receipt> publishScan(ScanMessage scan) {
        CompletableFuture<RecordKey> stored = append(StreamId.device(scan.device()), scan);
        if (isWanted(scan) && !loop.route(() -> route(scan, stored), scan.readings().size() * BYTES_PER_READING)) {
            dropped(scan.topic());
        }
        return stored.thenApply(Receipt::stored);
    }

    /** Most scans are wanted by nobody here: for them the loop sleeps on. */
    private boolean isWanted(ScanMessage scan) {
        return sessions.mayWantDevices()
            || subscribers.stream().anyMatch(subscriber -> Topics.matches(subscriber.filter(), scan.topic()));
    }

    private void dropped(String topic) {
        counters.dropped.increment();
        alarms.raise(Alarms.Kind.DROPPING, Status.WARN,
            "Too many messages wait to be routed: local subscribers missed one of " + topic + ".",
            "Publish less often, or subscribe to less.");
    }

    // ------------------------------------------------------------------------------------------- on the loop

    /**
     * Takes a message whose publisher may publish it. Loop only.
     *
     * @return completes on the loop; a result that is known at once is complete on return
     */
    public CompletableFuture<Receipt> take(RawMessage raw) {
        Route route = sessions.route(raw.topic());
        boolean forSessions = raw.qos() > 0 && route.stored();
        Optional<StreamId> stream = streamOf(raw.topic());
        if (stream.isEmpty() && !forSessions) {
            return deliver(raw, route, false, Receipt.NOT_JOURNALED);
        }
        if (forSessions && !sessions.isReading()) {
            JournalException refusal = new JournalException(JournalException.Kind.CLOSED,
                "no journal is read for the sessions that wait for " + raw.topic());
            noteJournal(refusal);
            return CompletableFuture.failedFuture(refusal);
        }
        CompletableFuture<RecordKey> stored = append(stream.orElse(SESSIONS), raw);
        CompletableFuture<Receipt> result = new CompletableFuture<>();
        stored.whenComplete((key, error) -> {
            if (loop.isCurrentThread()) {
                stored(raw, key, error, result);
            } else {
                loop.execute(() -> stored(raw, key, error, result));
            }
        });
        return result;
    }

    private void stored(RawMessage raw, RecordKey key, Throwable error, CompletableFuture<Receipt> result) {
        if (error != null) {
            result.completeExceptionally(cause(error));
            return;
        }
        deliver(raw, sessions.route(raw.topic()), true, Receipt.stored(key))
            .whenComplete((receipt, none) -> result.complete(receipt));
    }

    private CompletableFuture<Receipt> deliver(RawMessage raw, Route route, boolean inJournal, Receipt receipt) {
        boolean written = raw.retain() && retained.put(raw);
        tellSubscribers(raw);
        sessions.deliver(route, () -> Parcel.of(raw, 0, 0), inJournal);
        if (!written) {
            return inJournal ? CompletableFuture.completedFuture(receipt) : NOT_JOURNALED;
        }
        CompletableFuture<Receipt> result = new CompletableFuture<>();
        state.whenSafe(() -> result.complete(receipt));
        return result;
    }

    private Optional<StreamId> streamOf(String topic) {
        if (PublishRules.isThirdParty(topic)) {
            for (IngestRule rule : rules.get()) {
                if (rule.wants(topic)) {
                    return Optional.of(rule.stream());
                }
            }
        }
        return Optional.empty();
    }

    private void route(ScanMessage scan, CompletableFuture<RecordKey> stored) {
        tellSubscribers(scan);
        Route route = sessions.route(scan.topic());
        sessions.deliver(route, () -> Parcel.of(scan, 0), true);
        if (route.stored()) {
            stored.whenComplete((key, error) -> {
                if (error != null) {
                    loop.execute(() -> sessions.deliverMissed(sessions.route(scan.topic()), Parcel.of(scan, 0)));
                }
            });
        }
    }

    private void tellSubscribers(Message message) {
        for (Subscriber subscriber : subscribers) {
            if (Topics.matches(subscriber.filter(), message.topic())) {
                try {
                    subscriber.listener().accept(message);
                } catch (RuntimeException e) {
                    LOG.warn("A subscriber to {} failed on a message of {}", subscriber.filter(), message.topic(), e);
                }
            }
        }
    }

    // ------------------------------------------------------------------------------------------- any thread

    private CompletableFuture<RecordKey> append(StreamId stream, Message message) {
        CompletableFuture<RecordKey> result;
        try {
            result = journal.get()
                .map(j -> j.append(stream, message).toCompletableFuture())
                .orElseGet(() -> CompletableFuture.failedFuture(new JournalException(JournalException.Kind.CLOSED,
                    "no journal is running, so nothing can be stored for stream " + stream)));
        } catch (RuntimeException e) {
            // A journal that is just being replaced may throw instead of completing.
            result = CompletableFuture.failedFuture(new JournalException(JournalException.Kind.FAILING,
                "the journal failed to take a message for stream " + stream, e));
        }
        return result.whenComplete((key, error) -> noteJournal(error));
    }

    private void noteJournal(Throwable error) {
        if (error == null) {
            if (refusing && System.nanoTime() - lastRefusal > CALM_NANOS) {
                refusing = false;
                alarms.clear(Alarms.Kind.JOURNAL_REFUSES, "The journal takes messages again.");
            }
            return;
        }
        Throwable cause = cause(error);
        if (cause instanceof JournalException refusal && refusal.kind() == JournalException.Kind.OVERSIZE) {
            // The publisher's fault, not the journal's state.
            return;
        }
        refusing = true;
        lastRefusal = System.nanoTime();
        alarms.raise(Alarms.Kind.JOURNAL_REFUSES, Status.CRITICAL,
            "The journal refuses messages, and they are not acknowledged: " + cause.getMessage(),
            "See the health of the journal.");
    }

    @Override
    public Observation subscribe(String filter, Consumer<Message> listener) {
        TopicNames.problemOfFilter(filter).ifPresent(problem -> {
            throw new IllegalArgumentException("'" + filter + "' is not a topic filter: " + problem);
        });
        Subscriber subscriber = new Subscriber(filter, listener);
        subscribers.add(subscriber);
        // By identity: the same listener may subscribe twice.
        return () -> subscribers.removeIf(s -> s == subscriber);
    }

    /** The failure itself, without what futures wrap it in. */
    public static Throwable cause(Throwable error) {
        return error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    }
}
