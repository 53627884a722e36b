// SPDX-License-Identifier: Apache-2.0
package edge.api.journal;

import edge.api.message.StreamId;
import java.util.List;
import java.util.Map;

/**
 * The journal's state, for the console and for metrics.
 *
 * @param bytes on disk
 * @param quota most bytes that it may take
 * @param segments files
 * @param appended records appended since start
 * @param refused appends refused since start
 * @param syncs syncs since start
 * @param lastError the error that keeps it from appending, empty if there is none
 * @param policy the sync policy in words
 * @param streams every stream it knows
 * @param lost records that the ledger told lost since start, by reason; a record counts once for each reader it concerns
 * @param lastStop how the run before ended
 */
public record JournalStatus(long bytes, long quota, int segments, long appended, long refused, long syncs,
                            String lastError, String policy, List<Stream> streams, Map<JournalRecord.Loss, Long> lost,
                            LastStop lastStop) {

    /**
     * @param lastSequence the newest durable sequence of the current epoch, 0 if none
     * @param bytes about how many bytes of the journal are its; 0 while that is not known
     */
    public record Stream(StreamId id, long epoch, long lastSequence, long bytes) {
    }

    /** How a run ended, as the next one found it. */
    public enum LastStop {
        /** There was no run before, or the journal is not yet open. */
        NONE,
        /** In order. */
        CLEAN,
        /** Killed or cut off; everything that was acknowledged is there. */
        UNCLEAN,
        /** Cut off, and the last acknowledged records may be missing: every stream began a new epoch. */
        TAIL_LOST
    }
}
