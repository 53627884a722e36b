// SPDX-License-Identifier: Apache-2.0
package edge.api.uplink;

import edge.api.access.Caller;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** All uplinks of this gateway. Safe on every thread. The cloud connector implements it. */
@ProviderType
public interface Uplinks {

    /** By name. */
    List<UplinkStatus> list();

    /**
     * Stops or resumes sending. What is published meanwhile waits in the journal. A pause ends with the gateway's run.
     *
     * @return false if there is no such uplink
     * @throws edge.api.access.AccessDeniedException if the caller is no operator
     */
    boolean pause(String name, boolean paused, Caller caller);
}
