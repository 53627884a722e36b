// SPDX-License-Identifier: Apache-2.0
package edge.api.uplink;

import edge.api.access.Caller;
import edge.api.journal.StreamSelection;
import edge.api.message.RecordKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * All uplinks of this gateway. Safe on every thread. The cloud connector implements it.
 *
 * <p>What changes something throws an {@link edge.api.access.AccessDeniedException} if the caller is no operator, and is
 * audited.
 */
@ProviderType
public interface Uplinks {

    /** By name. */
    List<UplinkStatus> list();

    /**
     * Stops or resumes sending. What is published meanwhile waits in the journal. A pause ends with the gateway's run.
     *
     * @return false if there is no such uplink
     */
    boolean pause(String name, boolean paused, Caller caller);

    /**
     * Gives up the place of an uplink that is no longer configured: the journal need not wait for it any more. What it had not
     * delivered is told in the ledger.
     *
     * @return false if nothing was kept for that name
     * @throws IllegalStateException if it is configured; the message says so
     * @throws edge.api.access.AccessDeniedException if the caller is no engineer
     */
    boolean forget(String name, Caller caller);

    /** What an uplink has put aside, the oldest first; empty if there is no such uplink. */
    List<DeadLetter> deadLetters(String name);

    /**
     * What is sent for a dead letter. Reads the disk.
     *
     * @return empty if there is no such uplink or dead letter, or its record is no longer in the journal
     */
    Optional<byte[]> payload(String name, RecordKey key);

    /**
     * Sends a dead letter again, after a restart if that comes first. If it is taken, it is gone and its entry in the ledger is
     * revoked; if not, it stays.
     *
     * @return false if there is no such uplink or dead letter
     */
    boolean replayDeadLetter(String name, RecordKey key, Caller caller);

    /**
     * Forgets a dead letter. The ledger keeps telling that its record does not arrive.
     *
     * @return false if there is no such uplink or dead letter
     */
    boolean deleteDeadLetter(String name, RecordKey key, Caller caller);

    /**
     * Sends again what the journal still holds of a time, beside everything else and behind it. Goes on after a restart; a new
     * request takes the place of the one before.
     *
     * @param streams of which streams; only those that the uplink wants
     * @param until the first time that is not sent any more
     * @return false if there is no such uplink
     */
    boolean replay(String name, StreamSelection streams, Instant from, Instant until, Caller caller);

    /** Ends a {@link #replay}. False if there is no such uplink or nothing is replayed. */
    boolean stopReplay(String name, Caller caller);
}
