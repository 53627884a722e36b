// SPDX-License-Identifier: Apache-2.0
package edge.journal.format;

import edge.api.gateway.ClockCorrection;
import edge.api.gateway.Moment;
import edge.api.journal.JournalRecord.Loss;
import edge.api.journal.JournalRecord.TagSummary;
import java.time.Instant;
import java.util.List;

/** What the journal itself appends to a stream. */
public sealed interface Entry {

    /** When it was made. */
    Moment at();

    /**
     * An entry of the ledger.
     *
     * @param uplink the only reader that it concerns; empty if it concerns all
     */
    record Lost(Moment at, String uplink, long epoch, long from, long to, Loss reason, String detail, boolean revoked)
        implements Entry {

        /** What concerns all readers. */
        public static Lost forAll(Moment at, long epoch, long from, long to, Loss reason, String detail) {
            return new Lost(at, "", epoch, from, to, reason, detail, false);
        }
    }

    /** What is left of readings that were thinned. */
    record Summary(Moment at, Instant from, Instant until, List<TagSummary> tags) implements Entry {
    }

    /** What the wall clock should have said. */
    record Correction(Moment at, ClockCorrection correction) implements Entry {
    }
}
