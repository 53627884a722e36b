// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.core;

import edge.api.journal.JournalRecord;
import edge.api.uplink.Delivery;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The batches under way, in the order of the journal, and how far the target has taken all of them without a hole. For the
 * pump's thread alone.
 */
final class Flight {

    private final Deque<Batch> batches = new ArrayDeque<>();
    private int messages;
    private long bytes;
    private long mark;
    private long accepted;
    private JournalRecord refused;
    private String refusal = "";

    void add(Batch batch) {
        batches.add(batch);
        messages += batch.messages().size();
        bytes += batch.bytes();
    }

    /** Takes the answered batches from the front. */
    void advance() {
        while (!batches.isEmpty() && batches.peek().isAnswered()) {
            Batch batch = batches.remove();
            messages -= batch.messages().size();
            bytes -= batch.bytes();
            for (int i = 0; i < batch.messages().size(); i++) {
                JournalRecord record = batch.messages().get(i).record();
                Delivery delivery = batch.answers().get(i);
                if (delivery.accepted()) {
                    accepted++;
                    if (refused == null || record.position() < refused.position()) {
                        mark = record.position();
                    }
                } else {
                    refuse(record, delivery.reason());
                }
            }
        }
    }

    /** A record that cannot go: the mark stays before the first of them. */
    void refuse(JournalRecord record, String reason) {
        if (refused == null || record.position() < refused.position()) {
            refused = record;
            refusal = reason;
        }
    }

    boolean isRefused() {
        return refused != null;
    }

    /** The first record that was refused; null if none was. */
    JournalRecord refused() {
        return refused;
    }

    String refusal() {
        return refusal;
    }

    void clearRefusal() {
        refused = null;
        refusal = "";
    }

    boolean isEmpty() {
        return batches.isEmpty();
    }

    int batches() {
        return batches.size();
    }

    int messages() {
        return messages;
    }

    long bytes() {
        return bytes;
    }

    /** When the oldest batch was sent; there must be one. */
    long oldestSentAt() {
        return batches.element().sentAt();
    }

    /** The position up to which everything was accepted, 0 if nothing yet. */
    long mark() {
        return mark;
    }

    /** How many messages were accepted since this was last asked. */
    long takeAccepted() {
        long count = accepted;
        accepted = 0;
        return count;
    }
}
