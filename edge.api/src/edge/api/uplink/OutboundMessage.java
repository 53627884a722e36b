// SPDX-License-Identifier: Apache-2.0
package edge.api.uplink;

import edge.api.journal.JournalRecord;
import java.util.List;

/**
 * What goes to the cloud in one piece: a record, several records of one stream, or the part of a record that is about one tag.
 *
 * @param records what it holds, at least one, all of one stream, in its order
 * @param lane by which lane it travels; anything but {@link Lane#LIVE} is historical
 * @param tag the tag that it is about; empty if it is about whole records
 * @param payload what the encoder made of it; not to be changed
 * @param compression how the payload is compressed: {@code gzip}, or empty if it is not
 */
public record OutboundMessage(List<JournalRecord> records, Lane lane, String tag, byte[] payload, String compression) {

    public OutboundMessage {
        records = List.copyOf(records);
    }

    /** One record in one message, as it is. */
    public OutboundMessage(JournalRecord record, Lane lane, byte[] payload) {
        this(List.of(record), lane, "", payload, "");
    }

    /** The first of its records. */
    public JournalRecord record() {
        return records.get(0);
    }
}
