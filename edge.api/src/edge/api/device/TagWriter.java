// SPDX-License-Identifier: Apache-2.0
package edge.api.device;

import edge.api.access.Caller;
import edge.api.value.Value;
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
}
