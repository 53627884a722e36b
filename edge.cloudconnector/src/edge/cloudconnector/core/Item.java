// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.core;

import edge.api.journal.JournalRecord;
import edge.api.message.RawMessage;

/** A record on its way through a lane. For the pump's thread alone. */
final class Item {

    enum Step {
        /** Read, and not yet sent. */
        WAITING,
        /** Under way, at least in part. */
        SENT,
        /** The target, or the encoder, does not take it: it is tried again, alone. */
        REFUSED,
        /** It is being put aside. */
        PARKING,
        /** The target has it, or the ledger. */
        DONE
    }

    private static final int OVERHEAD = 500;

    final JournalRecord record;
    /** The how manieth record of its lane it is. */
    final long turn;
    /** How many items of the lane are at which step. */
    private final int[] steps;
    private Step step = Step.WAITING;
    /** Messages that it is part of and that are not answered yet. */
    int open;
    /** How often it was refused. */
    int refusals;
    String reason = "";

    /** @param steps counts the items of its lane by their steps */
    Item(JournalRecord record, long turn, int[] steps) {
        this.record = record;
        this.turn = turn;
        this.steps = steps;
        steps[step.ordinal()]++;
    }

    /** About how many bytes it takes. */
    long size() {
        return record instanceof JournalRecord.Stored stored && stored.message() instanceof RawMessage raw
            ? raw.payload().length + OVERHEAD : OVERHEAD;
    }

    Step step() {
        return step;
    }

    void to(Step next) {
        steps[step.ordinal()]--;
        steps[next.ordinal()]++;
        step = next;
    }

    /** It leaves its lane. */
    void leave() {
        steps[step.ordinal()]--;
    }
}
