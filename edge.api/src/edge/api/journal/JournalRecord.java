// SPDX-License-Identifier: Apache-2.0
package edge.api.journal;

import edge.api.device.Tag;
import edge.api.gateway.ClockCorrection;
import edge.api.gateway.Moment;
import edge.api.message.Message;
import edge.api.message.RecordKey;
import edge.api.value.Value;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * One entry of the journal, as a reader sees it.
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

    /** When the gateway got the message, or made the entry. */
    Moment at();

    /** A message. */
    record Stored(long position, RecordKey key, UUID bootId, Message message) implements JournalRecord {

        @Override
        public Moment at() {
            return message.at();
        }
    }

    /**
     * An entry of the loss ledger: records of the key's stream that policy or damage kept from arriving. It has a sequence
     * of its own and is delivered like any other record.
     *
     * <p>What arrived although an entry tells it lost has arrived: a reader may have had it in hand when the entry was made.
     * So a receiver's account is the union of what it has and what the ledger tells, and that is every sequence there is.
     *
     * @param uplink name of the only reader that it concerns; empty if it concerns all
     * @param lostEpoch the epoch of what was lost
     * @param from first lost sequence
     * @param to last lost sequence, at least {@code from}; {@code from - 1} with {@link Loss#TAIL}
     * @param reason why
     * @param detail one sentence for people
     * @param revoked the earlier entry about these records is void: they will arrive after all
     */
    record Gap(long position, RecordKey key, UUID bootId, Moment at, String uplink, long lostEpoch, long from, long to,
               Loss reason, String detail, boolean revoked) implements JournalRecord {
    }

    /**
     * What is left of a stream's readings of some time after they were thinned. It has a sequence of its own and is delivered
     * like any other record; a {@link Gap} with {@link Loss#THINNED} tells which records it stands for.
     *
     * @param at when it was made
     * @param from the first time it covers, as far as the clock could be believed
     * @param until the first time after it; {@code until - from} is the resolution
     * @param tags what became of each tag that had a reading
     */
    record Summary(long position, RecordKey key, UUID bootId, Moment at, Instant from, Instant until,
                   List<TagSummary> tags) implements JournalRecord {

        public Summary {
            tags = List.copyOf(tags);
        }
    }

    /**
     * The readings of one tag, thinned.
     *
     * @param readings how many there were
     * @param bad how many of them were BAD; these count nowhere else
     * @param numbers how many had a number; 0 makes min, max and mean NaN
     * @param mean arithmetic mean of the numbers
     * @param last the last value that was not BAD; {@link Value#NONE} if there was none
     */
    record TagSummary(Tag tag, long readings, long bad, long numbers, double min, double max, double mean, Value last) {
    }

    /**
     * What the wall clock should have said when records of the key's stream were stamped. It has a sequence of its own and is
     * delivered like any other record, so that a receiver can correct what it already got.
     *
     * @param at when the correction was made
     */
    record Correction(long position, RecordKey key, UUID bootId, Moment at, ClockCorrection correction)
        implements JournalRecord {
    }

    /** Why records were lost. */
    enum Loss {
        /** Their bytes were damaged on disk. */
        CORRUPT,
        /** The quota or the disk was full, and the policy is to drop the oldest or to refuse what nobody publishes again. */
        FULL,
        /** They were older than the policy allows. */
        EXPIRED,
        /** The target refuses them for ever. */
        REJECTED,
        /** They were reduced to summaries, which are delivered in their place. */
        THINNED,
        /** They were larger than the journal, or the target, takes. */
        OVERSIZE,
        /** The disk failed, or was too slow, when they came. */
        FAILED,
        /** The uplink that had not yet delivered them was removed. */
        REMOVED,
        /**
         * The gateway stopped in a way that may have lost the end of the epoch, from {@code from} on; nobody knows how much.
         */
        TAIL
    }
}
