// SPDX-License-Identifier: Apache-2.0
package edge.api.uplink;

import edge.api.journal.StreamSelection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * One configured cloud target. Registered as a service once for each valid configuration; the cloud connector opens it,
 * sends, and opens it again with back-off after it broke. A target stores nothing and retries nothing.
 *
 * <p>The connector calls all methods on the uplink's own thread, never two at a time. Stages may be completed on any thread.
 */
@ConsumerType
public interface Uplink {

    /** Unique among uplinks, {@code [A-Za-z0-9_.-]{1,64}}: also the name of its cursor. */
    String name();

    /** Where it goes, for people: for example {@code mqtts://cloud.example:8883}; never a secret. */
    String address();

    /** Which streams it wants. */
    StreamSelection selection();

    /** Name of the {@link Encoder} it wants. */
    String encoder();

    /** How many batches may be under way, and how many messages may be in one. */
    Window window();

    /** Both at least 1. */
    record Window(int batches, int messages) {
    }

    /**
     * Connects.
     *
     * @param broken told why, once, on any thread, when the connection is lost after it was open
     * @return completes when messages can be sent; fails with an {@link UplinkException} that says what was refused and what
     *     to do; any other exception counts as {@link UplinkException.Kind#UNREACHABLE}. Completes within the target's own
     *     time-outs.
     */
    CompletionStage<Void> open(Consumer<UplinkException> broken);

    /**
     * Sends messages, in order.
     *
     * @return completes when the target has answered for all of them, with one delivery for each in their order; fails if
     *     the connection broke or the target did not answer in time: then everything unanswered is sent again later
     */
    CompletionStage<List<Delivery>> send(List<OutboundMessage> batch);

    /**
     * Proves end to end that what is sent can be read by others: sends something through the target and waits until it comes
     * back. Asked after opening, before anything is sent, and then from time to time.
     *
     * @return completes with true if it came back, with false if this target cannot be probed; fails, with an
     *     {@link UplinkException}, if it did not come back in time: then the connection is taken for broken
     */
    default CompletionStage<Boolean> probe() {
        return CompletableFuture.completedFuture(false);
    }

    /** Ends the connection and fails what is outstanding. Closing what is not open does no harm. */
    void close();
}
