// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio;

import edge.api.device.DeviceException;
import edge.api.device.Quality.Reason;
import edge.api.device.Tag;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

/** The writes of one device, which wait for its thread in the order in which they came. Safe on every thread. */
public final class WriteQueue {
    private static final int MOST = 64;

    private final SerialExecutor executor;
    private final String subject;
    private final AtomicInteger waiting = new AtomicInteger();

    /** Writes one value, on the device's thread. */
    @FunctionalInterface
    public interface Write {

        /**
         * @throws IOException one sentence: what is wrong and what to do
         * @throws IllegalArgumentException if the value does not fit; the message completes "the tag …"
         */
        void run() throws IOException;
    }

    /** @param subject the device, as messages call it */
    public WriteQueue(SerialExecutor executor, String subject) {
        this.executor = executor;
        this.subject = subject;
    }

    /** Completes on the device's thread when the value is written; fails with a {@link DeviceException}, at once if nothing is tried. */
    public CompletionStage<Void> add(Tag tag, Write write) {
        CompletableFuture<Void> result = new CompletableFuture<>();
        if (!tag.access().canWrite()) {
            fail(result, Reason.REJECTED, tag, "is not configured as writable");
        } else if (waiting.incrementAndGet() > MOST) {
            waiting.decrementAndGet();
            fail(result, Reason.REJECTED, tag, "has " + MOST + " writes before it that wait for the device; write less often");
        } else if (!executor.run(() -> run(tag, write, result))) {
            waiting.decrementAndGet();
            fail(result, Reason.PAUSED, tag, SerialExecutor.SWITCHED_OFF);
        }
        return result;
    }

    private void run(Tag tag, Write write, CompletableFuture<Void> result) {
        waiting.decrementAndGet();
        try {
            write.run();
            result.complete(null);
        } catch (IllegalArgumentException e) {
            fail(result, Reason.OUT_OF_RANGE, tag, e.getMessage());
        } catch (IOException e) {
            fail(result, Reason.NOT_CONNECTED, tag, e.getMessage());
        } catch (RuntimeException e) {
            fail(result, Reason.DRIVER_FAULT, tag, "cannot be written, by a fault of the driver: " + e);
            throw e;
        }
    }

    private void fail(CompletableFuture<Void> result, Reason reason, Tag tag, String what) {
        result.completeExceptionally(new DeviceException(reason, subject + ", tag " + tag.name() + ": " + what));
    }
}
