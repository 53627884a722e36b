// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.core;

import edge.api.gateway.GatewayClock;
import edge.api.gateway.Moment;
import edge.api.journal.JournalException;
import edge.api.journal.JournalRecord;
import edge.api.uplink.Delivery;
import edge.api.uplink.Encoder;
import edge.api.uplink.Lane;
import edge.api.uplink.OutboundMessage;
import edge.api.uplink.Uplink;
import edge.api.uplink.UplinkException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;

/**
 * One connection of an uplink, from opening to its end. For the pump's thread alone: what targets answer on other threads
 * comes through the inbox.
 */
final class Session {

    private static final int READ_AT_ONCE = 64;
    private static final long LOOK_AROUND = Duration.ofSeconds(10).toNanos();

    private final Uplink uplink;
    private final Uplink.Window window;
    private final Encoder encoder;
    private final RecordSource source;
    private final GatewayClock clock;
    private final UUID bootId;
    private final Inbox inbox;
    private final UplinkState state;
    private final Backoff backoff;
    private final Limits limits;
    /** Whether sending is to end: the pump is paused or stopped. */
    private final BooleanSupplier toEnd;

    private final Flight flight = new Flight();
    private boolean opened;
    private boolean over;
    /** Why it ended; null if it was told to. */
    private Trouble trouble;
    private long liveFrom;
    /** Whether sending waits until {@link #holdUntil}. */
    private boolean holding;
    private long holdUntil;

    Session(Uplink uplink, Encoder encoder, RecordSource source, GatewayClock clock, Inbox inbox, UplinkState state,
        Backoff backoff, Limits limits, BooleanSupplier toEnd) {
        this.uplink = uplink;
        this.window = uplink.window();
        this.encoder = encoder;
        this.source = source;
        this.clock = clock;
        this.bootId = clock.bootId();
        this.inbox = inbox;
        this.state = state;
        this.backoff = backoff;
        this.limits = limits;
        this.toEnd = toEnd;
    }

    /**
     * Opens the uplink and carries records until the connection breaks or sending is to end.
     *
     * @return why it broke, or empty if it was told to end
     */
    Optional<Trouble> run() throws InterruptedException {
        try {
            open();
            if (!over) {
                carry();
            }
        } catch (JournalException | RuntimeException | LinkageError e) {
            // A fault of a target or of an encoder costs this connection, never the pump.
            end(Trouble.of(e));
        } finally {
            over = true;
            close();
        }
        return Optional.ofNullable(trouble);
    }

    private void open() throws InterruptedException {
        state.connecting();
        CompletionStage<Void> opening =
            uplink.open(reason -> inbox.post(() -> end(Trouble.of(reason))));
        opening.whenComplete((done, failure) -> inbox.post(() -> opened(failure)));
        long deadline = System.nanoTime() + limits.opening().toNanos();
        while (!opened && !over) {
            if (toEnd.getAsBoolean()) {
                over = true;
            } else if (System.nanoTime() - deadline >= 0) {
                end(new Trouble("The target neither opened nor failed within " + limits.opening().toSeconds() + " s", "",
                    false));
            } else {
                inbox.await(Math.min(deadline, System.nanoTime() + LOOK_AROUND));
            }
        }
    }

    private void opened(Throwable failure) {
        if (failure != null) {
            end(Trouble.of(failure));
        } else {
            opened = true;
        }
    }

    private void end(Trouble why) {
        if (!over) {
            over = true;
            trouble = why;
        }
    }

    private void carry() throws InterruptedException, JournalException {
        liveFrom = clock.now().monotonicNanos() - limits.late().toNanos();
        source.rewind();
        state.connected();
        long endBy = 0;
        while (!over) {
            long now = System.nanoTime();
            boolean ending = toEnd.getAsBoolean();
            if (ending && endBy == 0) {
                endBy = now + limits.draining().toNanos();
            }
            if (ending && (flight.isEmpty() || now - endBy >= 0)) {
                return;
            }
            if (!flight.isEmpty() && now - flight.oldestSentAt() >= limits.answer().toNanos()) {
                end(new Trouble("The target has not answered for " + limits.answer().toSeconds() + " s", "", false));
                return;
            }
            if (!ending && (!holding || now - holdUntil >= 0)) {
                holding = false;
                fill();
            }
            inbox.await(wakeAt(ending, endBy));
        }
    }

    private long wakeAt(boolean ending, long endBy) {
        long now = System.nanoTime();
        long wait = LOOK_AROUND;
        if (ending) {
            wait = Math.min(wait, endBy - now);
        }
        if (holding) {
            wait = Math.min(wait, holdUntil - now);
        }
        return now + Math.max(0, wait);
    }

    /** Begins batches while there are records and the window has room. */
    private void fill() throws JournalException {
        boolean more = true;
        while (more && !over && !flight.isRefused() && hasRoom()) {
            more = sendNext();
        }
        if (flight.isRefused() && flight.isEmpty()) {
            settleRefusal();
        }
    }

    private boolean hasRoom() {
        // A record that was refused goes alone: otherwise what follows it would be sent again with every attempt.
        return flight.batches() < (state.rejection().isPresent() ? 1 : window.batches())
            && flight.bytes() < limits.flightBytes();
    }

    /** @return whether there may be more to send */
    private boolean sendNext() throws JournalException {
        int most = state.rejection().isPresent() ? 1 : window.messages();
        List<OutboundMessage> messages = new ArrayList<>();
        long bytes = 0;
        boolean more = true;
        while (more && messages.size() < most && bytes < limits.batchBytes()) {
            List<JournalRecord> records = source.read(Math.min(READ_AT_ONCE, most - messages.size()));
            more = !records.isEmpty();
            for (JournalRecord record : records) {
                OutboundMessage message = encode(record);
                if (message == null) {
                    more = false;
                    break;
                }
                messages.add(message);
                bytes += message.payload().length;
            }
        }
        if (!messages.isEmpty()) {
            send(new Batch(List.copyOf(messages), bytes, System.nanoTime()));
        }
        return more;
    }

    /** @return null if the encoder refuses the record */
    private OutboundMessage encode(JournalRecord record) {
        Lane lane = lane(record);
        try {
            return new OutboundMessage(record, lane, encoder.encode(record, lane));
        } catch (RuntimeException e) {
            flight.refuse(record, "the encoder " + uplink.encoder() + " fails: " + e);
            return null;
        }
    }

    private Lane lane(JournalRecord record) {
        Moment at = record.at();
        return record.bootId().equals(bootId) && at.monotonicNanos() >= liveFrom ? Lane.LIVE : Lane.BACKLOG;
    }

    private void send(Batch batch) {
        flight.add(batch);
        state.inFlight(flight.messages());
        uplink.send(batch.messages())
            .whenComplete((answers, failure) -> inbox.post(() -> answered(batch, answers, failure)));
    }

    private void answered(Batch batch, List<Delivery> answers, Throwable failure) {
        if (over) {
            return;
        }
        if (failure != null) {
            end(Trouble.of(failure));
        } else if (answers.size() != batch.messages().size()) {
            end(new Trouble("The target answered for " + answers.size() + " of " + batch.messages().size() + " messages",
                "Report this to the maker of its bundle", false));
        } else {
            batch.answered(answers);
            long before = flight.mark();
            flight.advance();
            state.accepted(flight.takeAccepted(), flight.messages(), clock.now().wall());
            if (flight.mark() > before) {
                source.acknowledge(flight.mark());
                backoff.reset();
                state.clearRejection();
            }
        }
    }

    /** Everything else is answered: go back to the record that was refused, and try it alone after a while. */
    private void settleRefusal() {
        Rejection now = state.rejection().filter(known -> known.key().equals(flight.refused().key()))
            .map(known -> known.again(flight.refusal()))
            .orElseGet(() -> new Rejection(flight.refused().key(), flight.refusal(), 1));
        flight.clearRefusal();
        source.rewind();
        Duration wait = backoff.next();
        holding = true;
        holdUntil = System.nanoTime() + wait.toNanos();
        state.rejected(now, wait);
    }

    private void close() {
        state.inFlight(0);
        try {
            uplink.close();
        } catch (RuntimeException | LinkageError e) {
            end(Trouble.of(e));
        }
    }
}
