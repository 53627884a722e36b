// SPDX-License-Identifier: Apache-2.0
package edge.api.journal;

import edge.api.gateway.ClockCorrection;
import edge.api.message.Message;
import edge.api.message.RecordKey;
import edge.api.message.StreamId;
import java.util.List;
import java.util.concurrent.CompletableFuture;
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
     *     {@link JournalException}, and then the record will never be read
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
     * Forgets a closed cursor: what only it was waiting for may be deleted.
     *
     * @return false if there was none
     */
    boolean remove(String name) throws JournalException;

    JournalStatus status();

    /**
     * Appends what is now known about the wall clock of a boot, this one or an earlier one, as a
     * {@link JournalRecord.Correction} to every stream that has records which it covers. The records themselves stay as they
     * are. Never blocks.
     *
     * @return completes when it is on disk under the sync policy; fails with a {@link JournalException}, and then it has to be
     *     given again
     */
    default CompletionStage<Void> correct(ClockCorrection correction) {
        return CompletableFuture.failedFuture(new JournalException(JournalException.Kind.CLOSED,
            "this journal keeps no corrections of the clock"));
    }

    /** Every correction that was appended and may still cover a record in the journal, the oldest first. Never blocks. */
    default List<ClockCorrection> corrections() {
        return List.of();
    }
}
