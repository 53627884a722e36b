// SPDX-License-Identifier: Apache-2.0
package edge.broker.session;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much waits for a session's acknowledgement or its return (QoS 1 and 2). When it is full, newer messages are dropped for
 * this session and counted, until it has caught up.
 */
public final class Outbox {

    public static final int MAX_MESSAGES = 1_000;
    public static final long MAX_BYTES = 2L << 20;

    private final AtomicInteger messages = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    /** A single message always has room, however large. */
    public boolean hasRoom(int size) {
        return messages.get() == 0 || messages.get() < MAX_MESSAGES && bytes.get() + size <= MAX_BYTES;
    }

    public void add(int size) {
        messages.incrementAndGet();
        bytes.addAndGet(size);
    }

    public void remove(int size) {
        messages.decrementAndGet();
        bytes.addAndGet(-size);
    }
}
