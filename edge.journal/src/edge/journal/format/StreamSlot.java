// SPDX-License-Identifier: Apache-2.0
package edge.journal.format;

import edge.api.message.StreamId;

/** What an {@link Encoder} remembers about a stream. Belongs to the writer. */
public final class StreamSlot {

    final StreamId id;
    final long epoch;
    /** The encoder's block in which the stream is defined. */
    Object block;
    int definition;
    long base;

    public StreamSlot(StreamId id, long epoch) {
        this.id = id;
        this.epoch = epoch;
    }
}
