// SPDX-License-Identifier: Apache-2.0
package edge.journal;

import edge.api.journal.JournalException;
import edge.api.journal.JournalException.Kind;
import java.time.Instant;

/**
 * Why the journal takes no records at present.
 *
 * @param quota whether it is the quota that is reached, not the disk that is full or failing
 * @param reason what is wrong, one sentence
 * @param remedy what to do, one sentence
 * @param exception what appends are refused with; one for all of them, because a flood of refusals must cost little
 */
record Failure(Kind kind, boolean quota, String reason, String remedy, Instant since, JournalException exception) {

    static Failure of(Kind kind, boolean quota, String reason, String remedy, Throwable cause) {
        return new Failure(kind, quota, reason, remedy, Instant.now(),
            new JournalException(kind, reason + " " + remedy, cause));
    }
}
