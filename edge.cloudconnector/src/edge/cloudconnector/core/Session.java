// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.core;

import edge.api.journal.JournalException;
import edge.api.journal.JournalRecord;
import edge.api.uplink.Delivery;
import edge.api.uplink.Encoder;
import edge.api.uplink.Lane;
import edge.cloudconnector.core.Batch.Piece;
import edge.cloudconnector.core.Item.Step;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;

/**
 * One connection of an uplink, from opening to its end. For the pump's thread alone: what targets answer on other threads
 * comes through the inbox.
 */
final class Session {

    private static final long LOOK_AROUND = Duration.ofSeconds(10).toNanos();
    /** A live record that could not be sent for so long is none any more: it joins the backlog, and newer ones go first. */
    private static final Duration STALE = Duration.ofSeconds(10);

    private final Line line;
    private final Inbox inbox;
    private final Limits limits;
    private final UUID bootId;
    /** Whether sending is to end: the pump is paused or stopped, or its window closes. */
    private final BooleanSupplier toEnd;
    private final Parking parking;
    private final Sender sender;

    private boolean opened;
    private boolean over;
    /** Why it ended; null if it was told to. */
    private Trouble trouble;
    /** Whether something was accepted, and everything before it. */
    private boolean progressed;
    private boolean forkDue;
    private boolean probing;
    private long probedAt;
    private long probeDue;

    Session(Line line, Encoder encoder, boolean cautious, BooleanSupplier toEnd) {
        this.line = line;
        this.inbox = line.inbox();
        this.limits = line.limits();
        this.bootId = line.clock().bootId();
        this.toEnd = toEnd;
        this.parking = new Parking(line, () -> over);
        this.sender = new Sender(line, encoder, parking, cautious, this::send);
    }

    /**
     * Opens the uplink and carries records until the connection breaks or sending is to end.
     *
     * @return why it broke, or empty if it was told to end
     */
    Optional<Trouble> run() throws InterruptedException {
        boolean carrying = false;
        try {
            open();
            if (!over && probe()) {
                carrying = true;
                carry();
            }
        } catch (JournalException | RuntimeException | LinkageError e) {
            // A fault of a target or of an encoder costs this connection, never the pump.
            end(Trouble.of(e));
        } finally {
            over = true;
            account(carrying);
            close();
        }
        return Optional.ofNullable(trouble);
    }

    private void open() throws InterruptedException {
        line.state().connecting();
        CompletionStage<Void> opening = line.uplink().open(reason -> inbox.post(() -> end(Trouble.of(reason))));
        opening.whenComplete((done, failure) -> inbox.post(() -> opened(failure)));
        await(() -> opened, "The target neither opened nor failed");
    }

    private void opened(Throwable failure) {
        if (failure != null) {
            end(Trouble.of(failure));
        } else {
            opened = true;
        }
    }

    /** Waits on the pump's own thread for what the target has to tell. */
    private void await(BooleanSupplier done, String otherwise) throws InterruptedException {
        long deadline = System.nanoTime() + limits.opening().toNanos();
        while (!done.getAsBoolean() && !over) {
            boolean late = System.nanoTime() - deadline >= 0;
            // What has come in time counts, though this thread was kept from looking.
            inbox.await(late ? deadline : Math.min(deadline, System.nanoTime() + LOOK_AROUND));
            if (toEnd.getAsBoolean()) {
                over = true;
            } else if (late && !done.getAsBoolean()) {
                end(new Trouble(otherwise + " within " + limits.opening().toSeconds() + " s", "", false));
            }
        }
    }

    /** Connected means delivered: only what comes back proves it. */
    private boolean probe() throws InterruptedException {
        beginProbe();
        await(() -> !probing, "The target neither answered nor refused a probe");
        return !over;
    }

    private void beginProbe() {
        probing = true;
        probedAt = System.nanoTime();
        line.uplink().probe().whenComplete((back, failure) -> inbox.post(() -> probed(back, failure)));
    }

    private void probed(Boolean back, Throwable failure) {
        probing = false;
        Duration every = line.policy().probeEvery();
        probeDue = System.nanoTime() + (every.isZero() || !Boolean.TRUE.equals(back) ? Long.MAX_VALUE / 2 : every.toNanos());
        if (failure != null) {
            end(Trouble.of(failure));
        } else if (back) {
            line.state().probed();
        }
    }

    private void end(Trouble why) {
        if (!over) {
            over = true;
            trouble = why;
        }
    }

    private void carry() throws InterruptedException, JournalException {
        line.flows().forEach(LaneFlow::rewind);
        forkIfOld(limits.late());
        fork();
        line.state().connected();
        long endBy = 0;
        while (!over) {
            long now = System.nanoTime();
            boolean ending = toEnd.getAsBoolean();
            if (ending && endBy == 0) {
                endBy = now + limits.draining().toNanos();
            }
            if (ending && (line.batches() == 0 || now - endBy >= 0)) {
                return;
            }
            if (isUnanswered(now)) {
                end(new Trouble("The target has not answered for " + limits.answer().toSeconds() + " s", "", false));
                return;
            }
            long wait = ending ? endBy - now : fill(now);
            inbox.await(System.nanoTime() + Math.max(0, Math.min(LOOK_AROUND, wait)));
        }
    }

    private boolean isUnanswered(long now) {
        return probing && now - probedAt >= limits.answer().toNanos() || line.flows().stream()
            .anyMatch(flow -> flow.batches() > 0 && now - flow.oldestSentAt() >= limits.answer().toNanos());
    }

    private long fill(long now) throws JournalException {
        if (!probing && now - probeDue >= 0) {
            beginProbe();
        }
        forkIfOld(STALE);
        if (forkDue && !fork()) {
            return LOOK_AROUND;
        }
        return Math.min(sender.fill(), Math.max(0, probeDue - System.nanoTime()));
    }

    /** When the oldest live record has waited too long, the lanes are to be forked. */
    private void forkIfOld(Duration age) throws JournalException {
        LaneFlow live = line.flow(Lane.LIVE);
        if (!forkDue && !live.isHeldUp() && live.batches() == 0 && live.hasNext(1) && live.packed().isEmpty()) {
            JournalRecord next = live.next().record;
            forkDue = !next.bootId().equals(bootId)
                || line.clock().now().monotonicNanos() - next.at().monotonicNanos() > age.toNanos();
        }
    }

    /** Forks if it is due and nothing is under way: what is under way would be sent twice. */
    private boolean fork() throws JournalException {
        if (!forkDue) {
            return true;
        }
        if (line.batches() > 0 || line.flows().stream().anyMatch(LaneFlow::isParking)) {
            return false;
        }
        forkDue = false;
        line.lanes().fork();
        line.flow(Lane.LIVE).rewind();
        line.flow(Lane.BACKLOG).rewind();
        return true;
    }

    private void send(LaneFlow flow, Batch batch) {
        line.uplink().send(batch.messages())
            .whenComplete((answers, failure) -> inbox.post(() -> answered(flow, batch, answers, failure)));
    }

    private void answered(LaneFlow flow, Batch batch, List<Delivery> answers, Throwable failure) {
        if (over) {
            return;
        }
        if (failure != null) {
            end(Trouble.of(failure));
        } else if (answers.size() != batch.pieces().size()) {
            end(new Trouble("The target answered for " + answers.size() + " of " + batch.pieces().size() + " messages",
                "Report this to the maker of its bundle", false));
        } else {
            try {
                settle(flow, batch, answers);
            } catch (JournalException e) {
                end(Trouble.of(e));
            }
        }
    }

    private void settle(LaneFlow flow, Batch batch, List<Delivery> answers) throws JournalException {
        long accepted = 0;
        for (int i = 0; i < answers.size(); i++) {
            accepted += settle(flow, batch.pieces().get(i), answers.get(i));
        }
        flow.answered(batch);
        if (flow.settle() > 0) {
            progressed = true;
            line.backoff().reset();
        }
        if (flow.batches() == 0) {
            flow.refused().ifPresent(item -> parking.refused(flow, item));
        }
        if (!flow.isHeldUp()) {
            line.state().goesOn(flow.lane());
        }
        // Last: whoever sees that a record is delivered sees what became of its lane, too.
        line.state().accepted(accepted, line.messages());
        sender.answered(flow, batch, accepted > 0);
    }

    /** @return how many records are wholly accepted now */
    private long settle(LaneFlow flow, Piece piece, Delivery answer) {
        long accepted = 0;
        for (Item item : piece.items()) {
            item.open--;
            if (!answer.accepted()) {
                // Of several in one message nobody knows which is refused: each is tried alone.
                item.refusals += item.step() == Step.SENT && piece.items().size() == 1 ? 1 : 0;
                item.to(Step.REFUSED);
                item.reason = answer.reason();
            } else if (item.open == 0 && item.step() == Step.SENT) {
                item.to(Step.DONE);
                accepted++;
                line.suspicion().done(flow.lane(), item.record);
                if (flow.lane() == Lane.REPLAY) {
                    parking.replayed(item.record);
                }
            }
        }
        return accepted;
    }

    /** What the end of this connection tells about the records that were under way. */
    private void account(boolean carrying) {
        if (trouble == null || !carrying) {
            if (trouble != null && (opened || trouble.mustAct())) {
                line.backoff().sick();
            }
            return;
        }
        if (sender.isControlUnderWay()) {
            line.suspicion().controlBroke();
            line.backoff().sick();
            return;
        } else if (sender.isTrialUnderWay()) {
            line.suspicion().convict();
            return;
        }
        Map<Lane, List<JournalRecord>> underWay = new EnumMap<>(Lane.class);
        line.flows().forEach(flow -> underWay.put(flow.lane(), flow.underWay()));
        // While a record is suspected, only what breaks with another one tells that the target is sick.
        if (!progressed && line.batches() > 0 && !line.suspicion().isOn()) {
            line.backoff().sick();
        }
        line.suspicion().broke(progressed, underWay);
    }

    private void close() {
        line.flows().forEach(LaneFlow::rewind);
        line.state().inFlight(0);
        try {
            line.uplink().close();
        } catch (RuntimeException | LinkageError e) {
            end(Trouble.of(e));
        }
    }
}
