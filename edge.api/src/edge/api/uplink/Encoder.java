// SPDX-License-Identifier: Apache-2.0
package edge.api.uplink;

import edge.api.journal.JournalRecord;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Makes the payload of a record. Registered as a service with the property {@code encoder} naming it, for example
 * {@code json}. Safe on every thread; the same record gives the same bytes.
 */
@ConsumerType
public interface Encoder {

    byte[] encode(JournalRecord record, Lane lane);
}
