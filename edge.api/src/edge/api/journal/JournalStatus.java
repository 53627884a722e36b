// SPDX-License-Identifier: Apache-2.0
package edge.api.journal;

import edge.api.message.StreamId;
import java.util.List;

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
 */
public record JournalStatus(long bytes, long quota, int segments, long appended, long refused, long syncs,
                            String lastError, String policy, List<Stream> streams) {

    /** @param lastSequence the newest durable sequence of the current epoch, 0 if none */
    public record Stream(StreamId id, long epoch, long lastSequence) {
    }
}
