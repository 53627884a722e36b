// SPDX-License-Identifier: Apache-2.0
package edge.api.journal;

import edge.api.journal.JournalRecord.Loss;
import edge.api.message.StreamId;
import java.util.Objects;

/**
 * What a reader tells the loss ledger: that its target will never have some records, or that it will have them after all.
 *
 * @param uplink name of the reader
 * @param stream whose records
 * @param epoch their epoch
 * @param from first sequence
 * @param to last sequence, at least {@code from}
 * @param reason mostly {@link Loss#REJECTED} or {@link Loss#OVERSIZE}
 * @param detail one sentence for people
 * @param revoked whether an earlier entry about these records is void from now on
 */
public record LedgerEntry(String uplink, StreamId stream, long epoch, long from, long to, Loss reason, String detail,
                          boolean revoked) {

    public LedgerEntry {
        Objects.requireNonNull(uplink, "uplink");
        Objects.requireNonNull(stream, "stream");
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(detail, "detail");
        if (from < 1 || to < from) {
            throw new IllegalArgumentException("there are no sequences from " + from + " to " + to);
        }
    }

    /** Records that the target refused. */
    public static LedgerEntry lost(String uplink, StreamId stream, long epoch, long from, long to, Loss reason,
                                   String detail) {
        return new LedgerEntry(uplink, stream, epoch, from, to, reason, detail, false);
    }

    /** The same entry, void. */
    public LedgerEntry revoke(String why) {
        return new LedgerEntry(uplink, stream, epoch, from, to, reason, why, true);
    }
}
