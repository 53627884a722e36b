// SPDX-License-Identifier: Apache-2.0
package edge.broker.session;

import edge.api.message.RecordKey;
import edge.api.message.StreamId;
import edge.broker.state.Entry;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/** Keys of records as they are read from the broker's own state, where the gateway goes without saying. */
final class Keys {

    private static final UUID HERE = new UUID(0, 0);

    private Keys() {
    }

    /** Empty if it is none: then the entry is damaged. */
    static Optional<RecordKey> key(Entry.Unreleased entry) {
        int slash = entry.stream().indexOf('/');
        try {
            StreamId.Kind kind = StreamId.Kind.valueOf(entry.stream().substring(0, Math.max(0, slash)).toUpperCase(Locale.ROOT));
            return Optional.of(new RecordKey(HERE, new StreamId(kind, entry.stream().substring(slash + 1)), entry.epoch(),
                entry.sequence()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
