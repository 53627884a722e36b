// SPDX-License-Identifier: Apache-2.0
package edge.broker.net;

import io.netty.handler.codec.mqtt.MqttMessage;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The acknowledgements that a connection owes, in the order of its messages (MQTT-4.6.0-2 and -3): one that is ready waits
 * for those before it. Network loop only.
 */
final class AckQueue {

    /** One message that has come and is not settled. */
    static final class Slot {
        private final int bytes;
        private final long since = System.nanoTime();
        private Optional<MqttMessage> answer = Optional.empty();
        private boolean settled;

        private Slot(int bytes) {
            this.bytes = bytes;
        }
    }

    private final Deque<Slot> slots = new ArrayDeque<>();
    private final Consumer<MqttMessage> send;
    private long bytes;

    /** @param send writes an acknowledgement */
    AckQueue(Consumer<MqttMessage> send) {
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
     * @param answer what the client gets, as soon as it is its turn
     */
    void settle(Slot slot, Optional<MqttMessage> answer) {
        slot.answer = answer;
        slot.settled = true;
        Slot head = slots.peek();
        while (head != null && head.settled) {
            slots.remove();
            bytes -= head.bytes;
            head.answer.ifPresent(send);
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
