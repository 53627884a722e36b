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
import edge.broker.session.Sessions;
import edge.json.MessageJson;
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
 * The one ingest path. Authorises and appends on the publisher's thread, routes on the session loop.
 *
 * <p>A raw message that a stream wants is routed when it is on disk; a scan at once. Without a journal, what a stream wants
 * is refused (nothing may be acknowledged that could be lost), and everything else goes on.
 */
public final class IngestBus implements MessageBus {

    private static final Logger LOG = LoggerFactory.getLogger(IngestBus.class);
    /** Scans go out at QoS 1, so that a subscriber may choose either. */
    private static final int SCAN_QOS = 1;
    private static final int BYTES_PER_READING = 200;
    private static final int BYTES_PER_MESSAGE = 200;
    /** A journal at its limit takes one and refuses the next: it is well only when it has refused nothing for a while. */
    private static final long CALM_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final CompletableFuture<Receipt> NOT_JOURNALED =
        CompletableFuture.completedFuture(Receipt.NOT_JOURNALED);

    private record Subscriber(String filter, Consumer<Message> listener) {
    }

    private final SerialLoop loop;
    private final Supplier<Optional<Journal>> journal;
    private final Supplier<List<IngestRule>> rules;
    private final RetainedMessages retained;
    private final Alarms alarms;
    private final Counters counters;
    private final List<Subscriber> subscribers = new CopyOnWriteArrayList<>();
    private volatile Optional<Sessions> sessions = Optional.empty();
    private volatile boolean refusing;
    private volatile long lastRefusal;

    /** @param rules the ingest rules in the order of their names */
    public IngestBus(SerialLoop loop, Supplier<Optional<Journal>> journal, Supplier<List<IngestRule>> rules,
                     RetainedMessages retained, Alarms alarms, Counters counters) {
        this.loop = loop;
        this.journal = journal;
        this.rules = rules;
        this.retained = retained;
        this.alarms = alarms;
        this.counters = counters;
    }

    /** From now on MQTT subscribers get messages too. */
    public void attach(Sessions mqtt) {
        sessions = Optional.of(mqtt);
    }

    @Override
    public CompletionStage<Receipt> publish(Message message) {
        return publish(message, Origin.INTERNAL);
    }

    /** As {@link #publish(Message)}; a result that is known at once is complete on return. */
    public CompletableFuture<Receipt> publish(Message message, Origin origin) {
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
        Optional<StreamId> stream = streamOf(raw.topic());
        if (stream.isEmpty()) {
            return loop.route(() -> route(raw, origin), weight(raw)) ? NOT_JOURNALED
                : CompletableFuture.failedFuture(overloaded(raw.topic()));
        }
        return append(stream.get(), raw).thenApply(key -> {
            if (!loop.route(() -> route(raw, origin), weight(raw))) {
                dropped(raw.topic());
            }
            return Receipt.stored(key);
        });
    }

    private CompletableFuture<Receipt> publishScan(ScanMessage scan) {
        CompletableFuture<RecordKey> stored = append(StreamId.device(scan.device()), scan);
        if (!loop.route(() -> route(scan), scan.readings().size() * BYTES_PER_READING)) {
            dropped(scan.topic());
        }
        return stored.thenApply(Receipt::stored);
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

    private static int weight(RawMessage raw) {
        return raw.payload().length + BYTES_PER_MESSAGE;
    }

    private static RejectedExecutionException overloaded(String topic) {
        return new RejectedExecutionException("too many messages wait to be routed; " + topic + " was not taken");
    }

    private void dropped(String topic) {
        counters.dropped.increment();
        alarms.raise(Alarms.Kind.DROPPING, Status.WARN,
            "Too many messages wait to be routed: local subscribers missed one of " + topic + ".",
            "Publish less often, or subscribe to less.");
    }

    // ------------------------------------------------------------------------------------------- on the session loop

    private void route(ScanMessage scan) {
        tellSubscribers(scan);
        sessions.ifPresent(s -> s.deliver(scan.topic(), SCAN_QOS, false, () -> MessageJson.local(scan), Origin.INTERNAL));
    }

    private void route(RawMessage raw, Origin origin) {
        if (raw.retain()) {
            retained.put(raw);
        }
        tellSubscribers(raw);
        sessions.ifPresent(s -> s.deliver(raw.topic(), raw.qos(), raw.retain(), raw::payload, origin));
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
