// SPDX-License-Identifier: Apache-2.0
package edge.api.uplink;

import edge.api.journal.JournalRecord;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Makes the payloads of a record. Registered as a service with the property {@code encoder} naming it, for example
 * {@code json}. Safe on every thread; the same record gives the same bytes.
 */
@ConsumerType
public interface Encoder {

    /**
     * What is sent for one record.
     *
     * @param record its times are corrected already
     * @return at least one; several if each tag has a message of its own. The record counts as delivered when all of them
     *     are
     */
    List<Payload> encode(JournalRecord record, Lane lane);

    /**
     * @param tag the tag that it is about; empty if it is about the whole record
     * @param bytes not to be changed by anybody
     */
    record Payload(String tag, byte[] bytes) {

        /** About the whole record. */
        public Payload(byte[] bytes) {
            this("", bytes);
        }
    }

    /**
     * One payload for several records of one stream and lane, in their order.
     *
     * @param payloads what {@link #encode} gave for each of them, at least one
     * @return empty if this form has no lists: then each record is a message of its own
     */
    default Optional<byte[]> join(List<byte[]> payloads) {
        return Optional.empty();
    }
}
