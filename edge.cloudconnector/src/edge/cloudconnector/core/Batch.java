// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.core;

import edge.api.uplink.OutboundMessage;
import java.util.List;

/**
 * Messages that are handed to a target together.
 *
 * @param pieces in their order
 * @param sentAt {@link System#nanoTime()} when it was sent
 */
record Batch(List<Piece> pieces, long bytes, long sentAt) {

    /**
     * One message.
     *
     * @param items the records that it holds, or the one that it is a part of
     */
    record Piece(OutboundMessage message, List<Item> items) {
    }

    List<OutboundMessage> messages() {
        return pieces.stream().map(Piece::message).toList();
    }
}
