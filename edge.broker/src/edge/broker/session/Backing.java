// SPDX-License-Identifier: Apache-2.0
package edge.broker.session;

import edge.broker.state.Entry;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** What a session needs of the broker. Loop only. */
interface Backing {

    /**
     * The bounds on a session.
     *
     * @param messages most messages that wait in memory or are not acknowledged
     * @param bytes most bytes of them
     * @param stored most messages that wait in the journal
     * @param fetch how many are read from the journal at once
     */
    record Limits(int messages, long bytes, int stored, int fetch) {

        /** A single message always has room, however large. */
        boolean hasRoom(int waiting, long held, int size) {
            return held == 0 || waiting < messages && held + size <= bytes;
        }
    }

    Limits limits();

    /** Whether all sessions together may hold one more position. */
    boolean mayStore();

    void storedChanged(int by);

    /** @param promised whether its QoS promised delivery */
    void dropped(Session session, boolean promised);

    /** Notes a change that nobody waits for. */
    void append(Entry entry);

    /** Notes a change; the action runs when it is on disk. */
    void append(Entry entry, Runnable whenSafe);

    /** A message that has been in the journal for a short time only; null if it has to be read. */
    Parcel recent(long position);

    /**
     * Reads messages from the journal.
     *
     * @param positions ascending
     * @param found gets the messages by position; null for one that is gone. One that is missing was not looked for yet
     */
    void fetch(List<Long> positions, Consumer<Map<Long, Parcel>> found);
}
