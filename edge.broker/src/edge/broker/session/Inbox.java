// SPDX-License-Identifier: Apache-2.0
package edge.broker.session;

import edge.api.message.Receipt;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * The receiver's half of QoS 2 (MQTT 3.1.1 section 4.3.3): a message that comes again before its PUBREL is the same message.
 * Lives as long as the session, and is used on the network loop only.
 */
public final class Inbox {

    /** More than any honest client leaves unreleased. */
    public static final int MAX_UNRELEASED = 10_000;

    private final Map<Integer, CompletableFuture<Receipt>> unreleased = new HashMap<>();

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
        unreleased.put(packetId, result);
        return result;
    }

    public boolean isFull() {
        return unreleased.size() >= MAX_UNRELEASED;
    }

    public void release(int packetId) {
        unreleased.remove(packetId);
    }
}
