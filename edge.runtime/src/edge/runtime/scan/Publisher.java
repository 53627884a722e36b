// SPDX-License-Identifier: Apache-2.0
package edge.runtime.scan;

import edge.api.message.MessageBus;
import edge.api.message.Receipt;
import edge.api.message.ScanMessage;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands messages to the message bus and counts what does not become of them. Without a bus the table of last known values
 * goes on; every message that is lost is counted.
 */
final class Publisher {
    private static final Logger LOG = LoggerFactory.getLogger(Publisher.class);

    private final LongAdder published = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder unheard = new LongAdder();
    private final BiConsumer<Receipt, Throwable> outcome = this::outcome;
    private volatile MessageBus bus;
    private volatile String refusal;

    void bus(MessageBus newBus) {
        bus = newBus;
    }

    /** Forgets the bus if it is still that one. */
    synchronized void noBus(MessageBus oldBus) {
        if (bus == oldBus) {
            bus = null;
        }
    }

    boolean hasBus() {
        return bus != null;
    }

    void publish(ScanMessage message) {
        MessageBus to = bus;
        if (to == null) {
            unheard.increment();
            return;
        }
        try {
            to.publish(message).whenComplete(outcome);
        } catch (RuntimeException e) {
            outcome(null, e);
        }
    }

    /** Messages that the bus took and, where a stream wants them, stored. */
    long published() {
        return published.sum();
    }

    /** Messages that the bus refused: they are not in the journal. */
    long refused() {
        return refused.sum();
    }

    /** Messages for which there was no bus. */
    long unheard() {
        return unheard.sum();
    }

    /** Why the newest message was refused; null if it was not. */
    String refusal() {
        return refusal;
    }

    private void outcome(Receipt receipt, Throwable failure) {
        if (failure == null) {
            published.increment();
            if (refusal != null) {
                refusal = null;
                LOG.info("Readings are stored again; {} messages were refused so far", refused());
            }
            return;
        }
        refused.increment();
        if (refusal == null) {
            refusal = Failures.text(failure);
            LOG.error("Readings are shown but not stored: {}", refusal);
        }
    }
}
