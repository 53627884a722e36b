// SPDX-License-Identifier: Apache-2.0
package edge.api.journal;

import org.osgi.annotation.versioning.ProviderType;

/**
 * A named, durable place in the journal for a reader that must not let current records wait behind old ones. Both lanes
 * together give every record once; each gives them in order. For one thread, as its cursors are.
 *
 * <p>{@code backlog} ends at a fork point, {@code live} begins there. At first the fork point is the oldest record: everything
 * is live. After an outage the reader calls {@link #fork}, and goes on with both lanes side by side. Forking again before the
 * backlog is drained is fine: what was already acknowledged is in neither lane.
 *
 * <p>The marks of both lanes are kept together, so that no stop in between loses or repeats a fork.
 */
@ProviderType
public interface Lanes extends AutoCloseable {

    /** What is appended from the fork point on. Closed with the lanes. */
    Cursor live();

    /** What lies before the fork point and is not acknowledged. Gives nothing when it is drained. Closed with the lanes. */
    Cursor backlog();

    /**
     * Moves the fork point to the end of the journal: whatever {@code live} has not acknowledged joins the end of
     * {@code backlog}, and {@code live} goes on with what is appended from now on. What was read and not acknowledged is given
     * again.
     *
     * @throws JournalException if the marks cannot be kept; then nothing changed
     */
    void fork() throws JournalException;

    /** The position at which {@code live} begins. */
    long forkPoint();

    /** Ends the reading and keeps the marks. Closing twice does no harm. */
    @Override
    void close();
}
