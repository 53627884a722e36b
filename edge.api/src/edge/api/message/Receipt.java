// SPDX-License-Identifier: Apache-2.0
package edge.api.message;

import java.util.Optional;

/**
 * What became of a published message.
 *
 * @param key the record's key if the message is in the journal and on disk; empty if no stream wants it
 */
public record Receipt(Optional<RecordKey> key) {

    /** Routed to local subscribers only: no stream wants it. */
    public static final Receipt NOT_JOURNALED = new Receipt(Optional.empty());

    public static Receipt stored(RecordKey key) {
        return new Receipt(Optional.of(key));
    }
}
