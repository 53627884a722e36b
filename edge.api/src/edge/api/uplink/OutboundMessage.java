// SPDX-License-Identifier: Apache-2.0
package edge.api.uplink;

import edge.api.journal.JournalRecord;

/**
 * A record, encoded for the cloud.
 *
 * @param record the record
 * @param lane by which lane it travels; {@link Lane#BACKLOG} means that it is historical
 * @param payload what the encoder made of it; not to be changed
 */
public record OutboundMessage(JournalRecord record, Lane lane, byte[] payload) {
}
