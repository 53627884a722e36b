// SPDX-License-Identifier: Apache-2.0
package edge.api.message;

import edge.api.access.AccessDeniedException;
import edge.api.access.Caller;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Tells about the local MQTT broker, and parts it from a client. The broker room implements it; any thread may call it, and it
 * never blocks.
 */
@ProviderType
public interface BrokerInfo {

    BrokerStatus status();

    /** What it does and what waits in it; at most a second old. */
    default BrokerFigures figures() {
        return BrokerFigures.NONE;
    }

    /**
     * Closes a client's connection, soon. Its session is treated as after any other end: a last will is published, and the client
     * may connect again. The audit log tells of it.
     *
     * @param clientId as in {@link BrokerFigures.ClientFigures#id()}
     * @param by who wants it, at least an operator
     * @return false if no client of that id is connected
     * @throws AccessDeniedException if the caller may not
     */
    boolean disconnect(String clientId, Caller by);
}
