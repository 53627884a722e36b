// SPDX-License-Identifier: Apache-2.0
package edge.broker.session;

import edge.api.message.Receipt;
import edge.api.message.RecordKey;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * The receiver's half of QoS 2 (MQTT 3.1.1 section 4.3.3): a message that comes again before its PUBREL is the same message.
 * Lives as long as the session. Loop only.
 */
public final class Inbox {

    /** More than any honest client leaves unreleased. */
    public static final int MAX_UNRELEASED = 10_000;

    private Map<Integer, CompletableFuture<Receipt>> unreleased = Map.of();

    /**
     * What became of the message with that packet id.
     *
     * @param publish publishes it, if it has not come before
     */
    public CompletableFuture<Receipt> receive(int packetId, Supplier<CompletableFuture<Receipt>> publish) {
        CompletableFuture<Receipt> known = unreleased.get(packetId);
        if (known != null && !known.isCompletedExceptionally()) {
            return known;
        }
        CompletableFuture<Receipt> result = publish.get();
        put(packetId, result);
        return result;
    }

    /** A message that was stored before the gateway was started again. */
    void restore(int packetId, RecordKey key) {
        put(packetId, CompletableFuture.completedFuture(Receipt.stored(key)));
    }

    private void put(int packetId, CompletableFuture<Receipt> result) {
        if (unreleased.isEmpty()) {
            unreleased = new HashMap<>(4);
        }
        unreleased.put(packetId, result);
    }

    public boolean isFull() {
        return unreleased.size() >= MAX_UNRELEASED;
    }

    /** Forgets the message; gives the key under which it is stored, if it is. */
    public Optional<RecordKey> release(int packetId) {
        CompletableFuture<Receipt> known = unreleased.isEmpty() ? null : unreleased.remove(packetId);
        return known == null ? Optional.empty() : key(known);
    }

    private static Optional<RecordKey> key(CompletableFuture<Receipt> result) {
        return result.isDone() && !result.isCompletedExceptionally() ? result.join().key() : Optional.empty();
    }

    /** Every stored message that is not released. */
    void forEachStored(BiConsumer<Integer, RecordKey> action) {
        unreleased.forEach((packetId, result) -> key(result).ifPresent(key -> action.accept(packetId, key)));
    }
}
