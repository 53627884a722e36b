// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.core;

import edge.api.journal.JournalRecord;

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

    final JournalRecord record;
    Step step = Step.WAITING;
    /** Messages that it is part of and that are not answered yet. */
    int open;
    /** How often it was refused. */
    int refusals;
    String reason = "";

    Item(JournalRecord record) {
        this.record = record;
    }
}
