// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.core;

import edge.api.journal.JournalException;
import edge.api.journal.JournalRecord;
import java.util.List;

/** Where the records of a lane come from, in order. For the pump's thread alone. */
interface LaneSource {

    /** The next records; empty if there are none now: then the pump is woken when there may be some. */
    List<JournalRecord> read(int max) throws JournalException;

    /** What was read and not acknowledged is read again. */
    void rewind();

    /** Everything up to this record, which was read, is done with. */
    void acknowledge(JournalRecord upTo);
}
