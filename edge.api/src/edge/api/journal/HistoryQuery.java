// SPDX-License-Identifier: Apache-2.0
package edge.api.journal;

import edge.api.message.StreamId;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * What to read of the journal's history.
 *
 * @param streams of which streams
 * @param from the first time; a record's time is corrected before it is compared
 * @param until the first time after it
 * @param epoch with {@code firstSequence > 0}: the epoch that the sequences belong to
 * @param firstSequence the first sequence; 0 for any record of any epoch
 * @param lastSequence the last sequence
 * @param ledgerOnly only entries of the ledger
 */
public record HistoryQuery(StreamSelection streams, Instant from, Instant until, long epoch, long firstSequence,
                           long lastSequence, boolean ledgerOnly) {

    public HistoryQuery {
        Objects.requireNonNull(streams, "streams");
        if (until.isBefore(from)) {
            throw new IllegalArgumentException("a time range ends after it begins, not at " + until + " from " + from);
        }
        if (firstSequence < 0 || firstSequence > 0 && lastSequence < firstSequence) {
            throw new IllegalArgumentException("there are no sequences from " + firstSequence + " to " + lastSequence);
        }
    }

    /** Everything that is there. */
    public static HistoryQuery all(StreamSelection streams) {
        return between(streams, Instant.MIN, Instant.MAX);
    }

    /** The records of a time. A summary belongs to the time that it covers. */
    public static HistoryQuery between(StreamSelection streams, Instant from, Instant until) {
        return new HistoryQuery(streams, from, until, 0, 0, 0, false);
    }

    /** Some records of one stream. */
    public static HistoryQuery sequences(StreamId stream, long epoch, long first, long last) {
        return new HistoryQuery(new StreamSelection(List.of(stream.label())), Instant.MIN, Instant.MAX, epoch, first, last,
            false);
    }

    /** The ledger's entries about some streams. */
    public static HistoryQuery ledger(StreamSelection streams) {
        return new HistoryQuery(streams, Instant.MIN, Instant.MAX, 0, 0, 0, true);
    }
}
