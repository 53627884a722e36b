// SPDX-License-Identifier: Apache-2.0
package edge.api.journal;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A named, durable place in the journal. One reader at a time; not safe for several threads, except {@link #backlog()}.
 *
 * <p>Reading and acknowledging are apart: {@link #read} runs ahead, {@link #acknowledge} moves the durable mark. After a
 * restart, or {@link #rewind()}, reading goes on behind the mark: what was read and not acknowledged is read again.
 */
@ProviderType
public interface Cursor extends AutoCloseable {

    /**
     * The next records of the selected streams, in the order of their positions; only records that are synced.
     *
     * @param max how many at most
     * @return empty if there is nothing new
     * @throws JournalException if the disk cannot be read; damaged records are not an error: they are skipped and come as
     *     {@link JournalRecord.Gap}
     */
    List<JournalRecord> read(int max) throws JournalException;

    /**
     * Moves the durable mark: everything up to and including the position is done with. Moving back is ignored. The mark
     * reaches the disk within a second, and at {@link #close()}.
     */
    void acknowledge(long position);

    /** Reading goes on right behind the mark. */
    void rewind();

    /** How many records, and about how many bytes, of the selected streams lie behind the mark. */
    Backlog backlog();

    /**
     * @param records exact for records appended since the gateway started or within one segment of the mark, else estimated
     * @param bytes on disk
     */
    record Backlog(long records, long bytes) {
    }

    /**
     * Runs once when {@link #read} may give something again; at once if it already may. Called on the journal's thread:
     * must not block.
     */
    void whenAvailable(Runnable wakeUp);

    /** Ends the reading and keeps the mark. Closing twice does no harm. */
    @Override
    void close();
}
