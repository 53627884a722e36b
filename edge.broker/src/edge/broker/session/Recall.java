// SPDX-License-Identifier: Apache-2.0
package edge.broker.session;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Gets a session's messages from the journal, some at a time, when it is their turn. Positions may be negative, as they are for
 * messages of shared subscriptions. Loop only.
 */
final class Recall {

    private final Backing backing;
    private final Runnable whenRead;
    /** What has been read and is not sent yet; null for what is gone. */
    private Map<Long, Parcel> read = Map.of();
    private boolean reading;
    private boolean wanted;

    /** @param whenRead runs when there is something to go on with */
    Recall(Backing backing, Runnable whenRead) {
        this.backing = backing;
        this.whenRead = whenRead;
    }

    /** The message at a position; the inner empty if it is gone, the outer empty if it has to be read. */
    Optional<Optional<Parcel>> find(long position) {
        long at = Math.abs(position);
        Parcel recent = backing.recent(at);
        if (recent != null) {
            return Optional.of(Optional.of(recent));
        }
        return read.containsKey(at) ? Optional.of(Optional.ofNullable(read.get(at))) : Optional.empty();
    }

    /** Reads them, unless others are being read. */
    void read(List<Long> positions) {
        wanted = true;
        if (reading) {
            return;
        }
        reading = true;
        backing.fetch(positions.stream().map(Math::abs).sorted().distinct().toList(), found -> {
            reading = false;
            if (wanted) {
                read = new HashMap<>(found);
                whenRead.run();
            }
        });
    }

    /** It has been sent. */
    void forget(long position) {
        if (!read.isEmpty()) {
            read.remove(Math.abs(position));
        }
    }

    /** The client is gone: nothing is wanted for now. */
    void stop() {
        wanted = false;
        read = Map.of();
    }
}
