// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.core;

import edge.api.journal.JournalRecord;
import edge.api.journal.JournalRecord.Loss;
import edge.api.journal.LedgerEntry;
import edge.api.message.RecordKey;
import edge.api.uplink.DeadLetter;
import edge.api.uplink.Lane;
import edge.cloudconnector.core.Item.Step;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of a record that is not taken: it is tried again, alone, and after some attempts it is put aside: listed as a
 * dead letter, told in the ledger, and only then passed. For the pump's thread alone.
 */
final class Parking {

    private static final Logger LOG = LoggerFactory.getLogger(Parking.class);
    private static final int MOST_DOUBLINGS = 6;

    private final Line line;
    /** Whether the connection is over, and what comes from others is too late. */
    private final BooleanSupplier over;

    Parking(Line line, BooleanSupplier over) {
        this.line = line;
        this.over = over;
    }

    /** Nothing of this lane is under way any more and a record is refused: it waits, or it is put aside. */
    void refused(LaneFlow flow, Item item) {
        DeliveryPolicy policy = line.policy();
        if (flow.lane() == Lane.REPLAY) {
            giveUpReplay(flow, item);
        } else if (item.refusals >= policy.rejections()) {
            park(flow, item);
        } else {
            hold(flow, item, new Trouble("Record " + item.record.key() + " is refused, attempt " + item.refusals + " of "
                + policy.rejections() + ": " + item.reason, "After that it is put aside as a dead letter", false),
                wait(item.refusals));
        }
    }

    private Duration wait(int refusals) {
        Duration wait = line.limits().firstDelay().multipliedBy(1L << Math.min(MOST_DOUBLINGS, Math.max(0, refusals - 1)));
        return wait.compareTo(line.limits().longestDelay()) > 0 ? line.limits().longestDelay() : wait;
    }

    private void hold(LaneFlow flow, Item item, Trouble why, Duration wait) {
        flow.hold(System.nanoTime() + wait.toNanos());
        line.state().heldUp(flow.lane(), why, item.refusals <= 1 || why.mustAct(), wait);
    }

    /** Puts a record aside. The lane goes on when its place in the ledger is durable. */
    void park(LaneFlow flow, Item item) {
        RecordKey key = item.record.key();
        item.to(Step.PARKING);
        try {
            if (line.letters().size() >= line.policy().deadLetters() && line.letters().get(key).isEmpty()) {
                later(flow, item, "Record " + key + " is refused, and there are " + line.letters().size()
                    + " dead letters already", "Replay or delete some, or make the target take it: " + item.reason);
                return;
            }
            line.letters().put(new DeadLetter(key, item.record.position(), item.reason, item.refusals,
                line.clock().now().wall(), false));
        } catch (IOException e) {
            later(flow, item, "Record " + key + " is refused and cannot be put aside: " + e,
                "Look at the disk of the gateway");
            return;
        }
        line.journal().tell(entry(key, item.reason))
            .whenComplete((entered, failure) -> line.inbox().post(() -> entered(flow, item, failure)));
    }

    private LedgerEntry entry(RecordKey key, String reason) {
        return LedgerEntry.lost(line.uplink().name(), key.stream(), key.epoch(), key.sequence(), key.sequence(),
            Loss.REJECTED, reason);
    }

    private void later(LaneFlow flow, Item item, String reason, String remedy) {
        item.to(Step.REFUSED);
        hold(flow, item, new Trouble(reason, remedy, true), line.limits().longestDelay());
    }

    private void entered(LaneFlow flow, Item item, Throwable failure) {
        if (over.getAsBoolean()) {
            // It is met again by the next connection, and told once more.
            return;
        }
        if (failure != null) {
            later(flow, item, "Record " + item.record.key() + " is refused, and the journal cannot tell it in its ledger: "
                + Trouble.of(failure).reason(), "Look at the journal");
            return;
        }
        item.to(Step.DONE);
        flow.settle();
        line.suspicion().done(flow.lane(), item.record);
        line.state().parked(new Trouble("Record " + item.record.key() + " is put aside as a dead letter after "
            + item.refusals + " attempts: " + item.reason, "Look at it, and replay or delete it", false));
        line.state().goesOn(flow.lane());
    }

    private void giveUpReplay(LaneFlow flow, Item item) {
        LOG.warn("uplink {}: record {} is refused again: {}", line.uplink().name(), item.record.key(), item.reason);
        line.letters().refused(item.record.key(), item.reason);
        item.to(Step.DONE);
        flow.settle();
    }

    /** A record was taken by the lane of what is sent again: if it was a dead letter, it is none any more. */
    void replayed(JournalRecord record) {
        Optional<DeadLetter> letter = line.letters().get(record.key());
        if (letter.isEmpty()) {
            return;
        }
        LedgerEntry revoked = entry(record.key(), letter.get().reason()).revoke("It was taken when it was replayed.");
        line.journal().tell(revoked).whenComplete((entered, failure) -> line.inbox().post(() -> {
            if (failure == null) {
                line.letters().taken(record.key());
            } else {
                LOG.warn("uplink {}: record {} was taken, but its entry in the ledger cannot be revoked now; replay it"
                    + " once more later: {}", line.uplink().name(), record.key(), failure.toString());
                line.letters().notSent(record.key(), letter.get().reason());
            }
        }));
    }
}
