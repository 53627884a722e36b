// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.core;

import edge.api.journal.Cursor;
import edge.api.journal.JournalException;
import edge.api.journal.JournalRecord;
import java.util.List;

/** A cursor that is only asked when it may have something. For the pump's thread alone. */
final class RecordSource implements LaneSource {

    private final Cursor cursor;
    private final Inbox inbox;
    private boolean mayHaveMore = true;
    private boolean registered;

    RecordSource(Cursor cursor, Inbox inbox) {
        this.cursor = cursor;
        this.inbox = inbox;
    }

    @Override
    public List<JournalRecord> read(int max) throws JournalException {
        if (!mayHaveMore) {
            return List.of();
        }
        List<JournalRecord> records = cursor.read(max);
        if (records.isEmpty()) {
            mayHaveMore = false;
            if (!registered) {
                registered = true;
                cursor.whenAvailable(() -> inbox.post(this::available));
            }
        }
        return records;
    }

    private void available() {
        registered = false;
        mayHaveMore = true;
    }

    @Override
    public void rewind() {
        cursor.rewind();
        mayHaveMore = true;
    }

    @Override
    public void acknowledge(JournalRecord upTo) {
        cursor.acknowledge(upTo.position());
    }
}
