// SPDX-License-Identifier: Apache-2.0
package edge.api.uplink;

import edge.api.message.RecordKey;
import java.time.Instant;

/**
 * A record that a target does not take and that was put aside, so that what follows it goes on. The loss ledger tells of it;
 * when it is replayed and taken, the entry is revoked.
 *
 * @param key the record
 * @param position where it lies in the journal
 * @param reason why it is not taken, one sentence
 * @param attempts how often it was tried
 * @param at when it was put aside
 * @param replaying whether somebody asked to send it again, and it has not been answered yet
 */
public record DeadLetter(RecordKey key, long position, String reason, int attempts, Instant at, boolean replaying) {
}
