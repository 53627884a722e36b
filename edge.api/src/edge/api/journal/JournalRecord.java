// SPDX-License-Identifier: Apache-2.0
package edge.api.journal;

import edge.api.message.Message;
import edge.api.message.RecordKey;
import java.util.UUID;

/**
 * One entry of the journal, as a cursor sees it.
 *
 * <p>A record is immutable. Its position orders all records of this journal: greater is later; positions are not dense.
 */
public sealed interface JournalRecord {

    /** The place in the journal, greater than 0. */
    long position();

    /** The key of this record itself. */
    RecordKey key();

    /** The run of the gateway that wrote it; {@code Moment.monotonicNanos} counts within it. */
    UUID bootId();

    /** A message. */
    record Stored(long position, RecordKey key, UUID bootId, Message message) implements JournalRecord {
    }

    /**
     * An entry of the loss ledger: records of the key's stream that policy or damage kept from arriving. It has a sequence
     * of its own and is delivered like any other record.
     *
     * @param lostEpoch the epoch of what was lost
     * @param from first lost sequence
     * @param to last lost sequence, at least {@code from}
     * @param reason why
     * @param detail one sentence for people
     */
    record Gap(long position, RecordKey key, UUID bootId, edge.api.gateway.Moment at, long lostEpoch, long from, long to,
               Loss reason, String detail) implements JournalRecord {
    }

    /**
     * What the wall clock should have said when records of the key's stream were stamped. It has a sequence of its own and is
     * delivered like any other record, so that a receiver can correct what it already got.
     *
     * @param at when the correction was made
     */
    record Correction(long position, RecordKey key, UUID bootId, edge.api.gateway.Moment at,
                      edge.api.gateway.ClockCorrection correction) implements JournalRecord {
    }

    /** Why records were lost. */
    enum Loss {
        /** Their bytes were damaged on disk. */
        CORRUPT,
        /** The quota was reached and the policy is to drop the oldest. */
        FULL,
        /** They were older than the policy allows. */
        EXPIRED,
        /** The target refuses them for ever. */
        REJECTED
    }
}
