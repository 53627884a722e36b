// SPDX-License-Identifier: Apache-2.0
package edge.test.support;

import edge.api.gateway.ClockCorrection;
import edge.api.journal.Cursor;
import edge.api.journal.History;
import edge.api.journal.HistoryQuery;
import edge.api.journal.Journal;
import edge.api.journal.JournalRecord;
import edge.api.journal.JournalStatus;
import edge.api.journal.Lanes;
import edge.api.journal.LedgerEntry;
import edge.api.journal.StreamSelection;
import edge.api.message.Message;
import edge.api.message.RecordKey;
import edge.api.message.StreamId;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** A journal that must not be asked for anything; a test's own double answers what its room may ask. */
public class NoJournal implements Journal {

    private static UnsupportedOperationException unasked() {
        return new UnsupportedOperationException("this room does not ask the journal for that");
    }

    @Override
    public CompletionStage<RecordKey> append(StreamId stream, Message message) {
        throw unasked();
    }

    @Override
    public Cursor open(String name, StreamSelection selection) {
        throw unasked();
    }

    @Override
    public Lanes openLanes(String name, StreamSelection selection) {
        throw unasked();
    }

    @Override
    public boolean remove(String name) {
        throw unasked();
    }

    @Override
    public History history(HistoryQuery query) {
        throw unasked();
    }

    @Override
    public CompletionStage<RecordKey> tell(LedgerEntry entry) {
        throw unasked();
    }

    @Override
    public long end() {
        throw unasked();
    }

    @Override
    public List<JournalRecord> fetch(List<Long> positions) {
        throw unasked();
    }

    @Override
    public JournalStatus status() {
        throw unasked();
    }

    @Override
    public CompletionStage<Void> correct(ClockCorrection correction) {
        throw unasked();
    }

    @Override
    public List<ClockCorrection> corrections() {
        throw unasked();
    }
}
