// SPDX-License-Identifier: Apache-2.0
package edge.journal.format;

import edge.api.message.StreamId;

/**
 * A stream as a block defines it.
 *
 * @param base the sequence that the block's records of the stream count from
 */
public record StreamDefinition(StreamId id, long epoch, long base) {
}
