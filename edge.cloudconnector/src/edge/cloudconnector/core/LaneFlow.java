// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.core;

import edge.api.journal.JournalException;
import edge.api.journal.JournalRecord;
import edge.api.uplink.Lane;
import edge.cloudconnector.core.Batch.Piece;
import edge.cloudconnector.core.Item.Step;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * One lane: what was read of it and is not yet done with, and what of that is under way. The source is acknowledged up to the
 * last record before the first that is not done. For the pump's thread alone.
 */
final class LaneFlow {

    /** So many records are read and not acknowledged at most, or a few more; among them urgent ones are looked for. */
    static final int LOOK_AHEAD = 8192;
    private static final int LOOK_AHEAD_AT_ONCE = 512;
    /** And no further than about so many bytes. */
    private static final long LOOK_AHEAD_BYTES = 4 * 1024 * 1024;

    private final Lane lane;
    private final LaneSource source;
    /** Everything that was read and behind which nothing is acknowledged yet, in order. */
    private final Deque<Item> items = new ArrayDeque<>();
    private final WaitingLine waiting = new WaitingLine();
    /** Packed and not yet sent. */
    private final Deque<Piece> packed = new ArrayDeque<>();
    private final Deque<Batch> flight = new ArrayDeque<>();
    /** How many items are at which step. */
    private int[] steps = new int[Step.values().length];
    private long turns;
    /** About how many bytes the items take. */
    private long size;
    private int messages;
    private long bytes;
    private boolean holding;
    private long holdUntil;

    LaneFlow(Lane lane, LaneSource source) {
        this.lane = lane;
        this.source = source;
    }

    Lane lane() {
        return lane;
    }

    /** Begins anew behind what is acknowledged: the connection is gone, or the lanes were forked. */
    void rewind() {
        items.clear();
        waiting.clear();
        packed.clear();
        flight.clear();
        steps = new int[Step.values().length];
        size = 0;
        messages = 0;
        bytes = 0;
        holding = false;
        source.rewind();
    }

    /** Whether there is something to send, now. Reads if it must. */
    boolean hasNext(int atOnce) throws JournalException {
        return !packed.isEmpty() || fetch(atOnce);
    }

    /** Whether there are records to be packed. Reads if there are none, and with priorities as far ahead as it may. */
    boolean fetch(int atOnce) throws JournalException {
        if (waiting.isEmpty() && items.size() < LOOK_AHEAD) {
            source.read(atOnce).forEach(this::add);
        }
        if (waiting.hasPriorities() && items.size() < LOOK_AHEAD && size < LOOK_AHEAD_BYTES) {
            source.read(Math.min(LOOK_AHEAD_AT_ONCE, LOOK_AHEAD - items.size())).forEach(this::add);
        }
        return !waiting.isEmpty();
    }

    /** Which streams go first. What is sent again keeps the order in which it was asked for. */
    void priorities(Priorities priorities) {
        if (lane != Lane.REPLAY) {
            waiting.priorities(priorities);
        }
    }

    /**
     * Takes records that wait, to be packed.
     *
     * @param inOrder whatever is urgent
     */
    List<Item> take(int most, boolean inOrder) {
        List<Item> taken = new ArrayList<>();
        while (taken.size() < most && !waiting.isEmpty()) {
            taken.add(send(inOrder ? waiting.takeOldest() : waiting.take()));
        }
        return taken;
    }

    private static Item send(Item item) {
        item.to(Step.SENT);
        return item;
    }

    /** The first record that waits; there must be one. */
    Item next() {
        return waiting.oldest();
    }

    /** Takes one record that waits, so many behind the first; empty if there are not so many. */
    Optional<Item> take(int behind, int atOnce) throws JournalException {
        while (waiting.size() <= behind) {
            List<JournalRecord> more = source.read(atOnce);
            if (more.isEmpty()) {
                return Optional.empty();
            }
            more.forEach(this::add);
        }
        Item found = waiting.inOrder().get(behind);
        waiting.take(found);
        return Optional.of(send(found));
    }

    private void add(JournalRecord record) {
        Item item = new Item(record, turns++, steps);
        size += item.size();
        items.add(item);
        waiting.add(item);
    }

    Deque<Piece> packed() {
        return packed;
    }

    void sent(Batch batch) {
        flight.add(batch);
        messages += batch.pieces().size();
        bytes += batch.bytes();
    }

    void answered(Batch batch) {
        flight.remove(batch);
        messages -= batch.pieces().size();
        bytes -= batch.bytes();
    }

    /**
     * Acknowledges what is done in front.
     *
     * @return how many records that were
     */
    int settle() {
        Item last = null;
        int count = 0;
        while (!items.isEmpty() && items.element().step() == Step.DONE) {
            last = items.remove();
            last.leave();
            size -= last.size();
            count++;
        }
        if (last != null) {
            source.acknowledge(last.record);
        }
        return count;
    }

    /** The first record that is refused. */
    Optional<Item> refused() {
        return isAt(Step.REFUSED) ? items.stream().filter(item -> item.step() == Step.REFUSED).findFirst()
            : Optional.empty();
    }

    /** Whether a record is refused or being put aside: then nothing else of this lane is sent. */
    boolean isHeldUp() {
        return isAt(Step.REFUSED) || isAt(Step.PARKING);
    }

    boolean isParking() {
        return isAt(Step.PARKING);
    }

    private boolean isAt(Step step) {
        return steps[step.ordinal()] > 0;
    }

    /** The records that are under way, in their order. */
    List<JournalRecord> underWay() {
        return flight.stream().flatMap(batch -> batch.pieces().stream()).flatMap(piece -> piece.items().stream())
            .filter(item -> item.step() == Step.SENT).map(item -> item.record).distinct().toList();
    }

    void hold(long until) {
        holding = true;
        holdUntil = until;
    }

    /** For how long nothing may be sent: 0 if something may be. */
    long heldFor(long now) {
        if (holding && now - holdUntil >= 0) {
            holding = false;
        }
        return holding ? holdUntil - now : 0;
    }

    int batches() {
        return flight.size();
    }

    int messages() {
        return messages;
    }

    long bytes() {
        return bytes;
    }

    /** When the oldest batch under way was sent; there must be one. */
    long oldestSentAt() {
        return flight.element().sentAt();
    }
}
