// SPDX-License-Identifier: Apache-2.0
package edge.api.journal;

import edge.api.gateway.ClockCorrection;
import edge.api.message.Message;
import edge.api.message.RecordKey;
import edge.api.message.StreamId;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The append-only, crash-proof log. One writer inside, any number of cursors; a record is stored once, however many
 * uplinks read it.
 */
@ProviderType
public interface Journal {

    /**
     * Appends a message to a stream. Never blocks; appends of one thread keep their order.
     *
     * @return completes, on the writer's thread, when the record is on disk under the sync policy; fails with a
     *     {@link JournalException}, and then the record is not read. One case is left, which nobody can rule out: a disk that
     *     took the record, fails every write since then, and then loses its power. After the next start the record may be
     *     there, once and under its own key, as if its append had completed
     */
    CompletionStage<RecordKey> append(StreamId stream, Message message);

    /**
     * Opens the durable cursor of that name, or creates it at the oldest record.
     *
     * @param name {@code [A-Za-z0-9_.-]{1,64}}
     * @throws IllegalStateException if a cursor of that name is open
     * @throws JournalException if its mark cannot be read or written
     */
    Cursor open(String name, StreamSelection selection) throws JournalException;

    /**
     * Opens the durable lanes of that name, or creates them at the oldest record. Names are shared with {@link #open}: a place
     * that was kept by one may be opened by the other.
     *
     * @param name {@code [A-Za-z0-9_.-]{1,64}}
     * @throws IllegalStateException if that name is open
     * @throws JournalException if its marks cannot be read or written
     */
    Lanes openLanes(String name, StreamSelection selection) throws JournalException;

    /**
     * Forgets a closed cursor or closed lanes: what only they were waiting for may be deleted. The ledger gets an entry
     * {@link JournalRecord.Loss#REMOVED} for whatever they had not yet acknowledged.
     *
     * @return false if there was none
     * @throws IllegalStateException if that name is open
     */
    boolean remove(String name) throws JournalException;

    /** Reads what the journal holds, without a mark. Takes nothing from anybody and holds up no deletion. */
    History history(HistoryQuery query) throws JournalException;

    /**
     * Adds an entry to the loss ledger that only its reader can know of, or revokes one. Never blocks; room is kept for it when
     * everything else is full.
     *
     * @return the key of the entry; completes as {@link #append} does
     */
    CompletionStage<RecordKey> tell(LedgerEntry entry);

    /**
     * The newest durable place: what is appended from now on has a greater position.
     *
     * @throws JournalException if the journal is not open
     */
    long end() throws JournalException;

    /**
     * The records at those positions, as far as they are still there, in their order. Reads the disk; quick if the positions
     * lie close together, or behind those of the call before.
     *
     * @param positions ascending, as a cursor gave them
     * @throws JournalException if the disk cannot be read
     */
    List<JournalRecord> fetch(List<Long> positions) throws JournalException;

    JournalStatus status();

    /**
     * Appends what is now known about the wall clock of a boot, this one or an earlier one, as a
     * {@link JournalRecord.Correction} to every stream that has records which it covers. The records themselves stay as they
     * are. Never blocks.
     *
     * @return completes when it is on disk under the sync policy; fails with a {@link JournalException}, and then it has to be
     *     given again
     */
    CompletionStage<Void> correct(ClockCorrection correction);

    /** Every correction that was appended and may still cover a record in the journal, the oldest first. Never blocks. */
    List<ClockCorrection> corrections();
}
