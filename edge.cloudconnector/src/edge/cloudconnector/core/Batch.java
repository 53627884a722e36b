// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.core;

import edge.api.uplink.Delivery;
import edge.api.uplink.OutboundMessage;
import java.util.List;

/** Messages that were handed to a target together, and what it said to them. For the pump's thread alone. */
final class Batch {

    private final List<OutboundMessage> messages;
    private final long bytes;
    private final long sentAt;
    /** Empty until the target has answered. */
    private List<Delivery> answers = List.of();

    Batch(List<OutboundMessage> messages, long bytes, long sentAt) {
        this.messages = messages;
        this.bytes = bytes;
        this.sentAt = sentAt;
    }

    List<OutboundMessage> messages() {
        return messages;
    }

    long bytes() {
        return bytes;
    }

    /** {@link System#nanoTime()} when it was sent. */
    long sentAt() {
        return sentAt;
    }

    void answered(List<Delivery> deliveries) {
        answers = List.copyOf(deliveries);
    }

    boolean isAnswered() {
        return !answers.isEmpty();
    }

    List<Delivery> answers() {
        return answers;
    }
}
