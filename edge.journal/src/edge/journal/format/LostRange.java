// SPDX-License-Identifier: Apache-2.0
package edge.journal.format;

import edge.api.gateway.Moment;
import edge.api.journal.JournalRecord.Loss;

/** The content of a ledger entry. */
public record LostRange(Moment at, long epoch, long from, long to, Loss reason, String detail) {
}
