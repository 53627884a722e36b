// SPDX-License-Identifier: Apache-2.0
package edge.api.device;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/** The last known value of every tag. Safe on every thread; reading it never waits for a device. */
@ProviderType
public interface TagTable {

    /** All devices, by name. */
    List<DeviceState> devices();

    Optional<DeviceState> device(String name);

    Optional<TagState> tag(String device, String tag);

    /**
     * Tells about changes.
     *
     * @param listener gets the tags of one device that have just changed; must not block and must not call back
     * @return ends it when closed
     */
    FieldDevice.Observation observe(Consumer<List<TagState>> listener);
}
