// SPDX-License-Identifier: Apache-2.0
package edge.journal;

import java.time.Duration;

/**
 * What can be set about a journal.
 *
 * @param segmentBytes size at which a segment is closed
 * @param quotaBytes most bytes of all segments
 * @param interval longest time between a record and its sync, with {@link SyncPolicy#INTERVAL}
 * @param groupRecords so many records are synced before the interval is over, with all that wait when the writer comes to it
 * @param queueRecords most appends that wait
 * @param queueBytes most bytes, about, of all that wait
 * @param recordBytes largest record
 * @param retry time between two looks whether a failure is over
 * @param rules how long and how much of each stream is kept
 */
record Settings(long segmentBytes, long quotaBytes, SyncPolicy sync, Duration interval, int groupRecords, int queueRecords,
                long queueBytes, int recordBytes, Duration retry, StreamRules rules) {

    private static final long MEBIBYTE = 1024 * 1024L;

    /** The largest packet that the broker takes, and what a record says beside its payload. */
    private static final int LARGEST_RECORD = (int) MEBIBYTE + 64 * 1024;

    private static final Duration MARK_INTERVAL = Duration.ofMillis(200);
    /** A quota holds at least so many. */
    static final int LEAST_SEGMENTS = 4;
    /** Kept free below the quota, for entries of the ledger. */
    static final long LEDGER_ROOM = 64 * 1024L;

    /** Longest time from the moment when a cursor's mark moves to the moment when that is on disk; the first after a pause is
     * kept at once. So long as the records wait for their sync, so may the marks: both spare the same disk. */
    Duration markInterval() {
        return sync == SyncPolicy.INTERVAL && interval.compareTo(MARK_INTERVAL) > 0 ? interval : MARK_INTERVAL;
    }

    /** So many bytes are synced before the interval is over. */
    long groupBytes() {
        return queueBytes / 4;
    }

    Settings with(StreamRules other) {
        return new Settings(segmentBytes, quotaBytes, sync, interval, groupRecords, queueRecords, queueBytes, recordBytes, retry,
            other);
    }

    static Settings of(int segmentMegabytes, int quotaMegabytes, SyncPolicy sync, Duration interval) {
        // The configuration check says so first; a journal in one segment could never delete anything.
        long quota = Math.max(quotaMegabytes, LEAST_SEGMENTS * segmentMegabytes) * MEBIBYTE;
        // The queue fits the smallest heap that ships.
        return new Settings(segmentMegabytes * MEBIBYTE, quota, sync, interval, 1000, 20_000,
            8 * MEBIBYTE, LARGEST_RECORD, Duration.ofSeconds(1), StreamRules.of(StreamRules.WhenFull.REFUSE));
    }
}
