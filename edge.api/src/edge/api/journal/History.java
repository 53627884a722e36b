// SPDX-License-Identifier: Apache-2.0
package edge.api.journal;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** A walk through what the journal holds. For one thread. Leaves no mark; what is deleted meanwhile is passed over. */
@ProviderType
public interface History extends AutoCloseable {

    /**
     * The next records that match, in the order of their positions, as they were stamped: {@link Journal#corrections()} tells
     * what their wall clock should have said.
     *
     * @param max how many at most; fewer than that may be given at once
     * @return empty if there are no more
     * @throws JournalException if the disk cannot be read
     */
    List<JournalRecord> read(int max) throws JournalException;

    /** Closing twice does no harm. */
    @Override
    void close();
}
