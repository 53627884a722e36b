// SPDX-License-Identifier: Apache-2.0
package edge.api.device;

import edge.api.access.Caller;
import edge.api.value.Value;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/** The one way to write to the field, for the console, REST and MQTT commands alike. */
@ProviderType
public interface TagWriter {

    /**
     * Writes one value: checks that the caller is an operator, that the tag exists and is configured as writable, that the
     * value fits its type, and that it is not written too often; then asks the device. Each attempt is audited.
     *
     * @return completes when the device has confirmed. Fails with {@link edge.api.access.AccessDeniedException}, with
     *     {@link IllegalArgumentException} if the request itself is wrong, or with {@link DeviceException}.
     */
    CompletionStage<Void> write(String device, String tag, Value value, Caller caller);

    /**
     * Writes several values, each with the checks of {@link #write}. Those of one device are written one after the other, in the
     * order of the list; devices do not wait for each other. When a device does not answer, what is left for it is not tried.
     *
     * @return completes, never exceptionally and in bounded time, with one outcome for each write in the order of the list
     */
    CompletionStage<List<Outcome>> writeAll(List<Write> writes, Caller caller);

    /** A value to be written. */
    record Write(String device, String tag, Value value) {
    }

    /**
     * What became of a write.
     *
     * @param failure why it failed, as of {@link TagWriter#write}; empty if the device has confirmed
     */
    record Outcome(Write write, Optional<Throwable> failure) {
    }
}
