// SPDX-License-Identifier: Apache-2.0
package edge.api.message;

import edge.api.device.FieldDevice.Observation;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The one ingest path: authorise, then journal if a stream wants it, then route to local subscribers. Never blocks.
 */
@ProviderType
public interface MessageBus {

    /**
     * Publishes a message. Messages of one publishing thread keep their order.
     *
     * @return completes when the message is on disk under the journal's sync policy, or at once if no stream wants it. Only
     *     then may a publisher be told that the message is safe. Fails with
     *     {@link edge.api.journal.JournalException} if the journal refuses it, with
     *     {@link edge.api.access.AccessDeniedException} if the caller may not publish to that topic.
     *     A refused {@link RawMessage} is not routed; a {@link ScanMessage} is routed in any case, because
     *     local displays must not go blind when a disk fills.
     */
    CompletionStage<Receipt> publish(Message message);

    /**
     * Subscribes inside the process.
     *
     * @param filter an MQTT topic filter
     * @param listener must not block; called in the order of the messages of one topic
     * @return ends it when closed
     * @throws IllegalArgumentException if the filter is malformed
     */
    Observation subscribe(String filter, Consumer<Message> listener);
}
