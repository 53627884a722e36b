// SPDX-License-Identifier: Apache-2.0
package edge.broker.net;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The acknowledgements that a connection owes, in the order of its messages (MQTT-4.6.0-2 and -3): one that is ready waits
 * for those before it. Loop only.
 */
final class AckQueue {

    /** Writes an acknowledgement. */
    interface Send {
        void send(int type, int packetId, int reason);
    }

    /** One message that has come and is not settled. */
    static final class Slot {
        private final int bytes;
        private final long since = System.nanoTime();
        private int type;
        private int packetId;
        private int reason;
        private boolean settled;

        private Slot(int bytes) {
            this.bytes = bytes;
        }
    }

    private final Deque<Slot> slots = new ArrayDeque<>(0);
    private final Send send;
    private long bytes;

    AckQueue(Send send) {
        this.send = send;
    }

    /** @param size bytes of the message, held until it is settled */
    Slot add(int size) {
        Slot slot = new Slot(size);
        slots.add(slot);
        bytes += size;
        return slot;
    }

    /**
     * The message is safe, or needs no answer.
     *
     * @param type of the packet that the client gets as soon as it is its turn; 0 for none
     */
    void settle(Slot slot, int type, int packetId, int reason) {
        slot.type = type;
        slot.packetId = packetId;
        slot.reason = reason;
        slot.settled = true;
        Slot head = slots.peek();
        while (head != null && head.settled) {
            slots.remove();
            bytes -= head.bytes;
            if (head.type != 0) {
                send.send(head.type, head.packetId, head.reason);
            }
            head = slots.peek();
        }
    }

    int size() {
        return slots.size();
    }

    long bytes() {
        return bytes;
    }

    /** How long the oldest message has waited. */
    long headAgeNanos() {
        Slot head = slots.peek();
        return head == null ? 0 : System.nanoTime() - head.since;
    }
}
