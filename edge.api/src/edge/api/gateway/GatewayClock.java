// SPDX-License-Identifier: Apache-2.0
package edge.api.gateway;

import java.util.UUID;
import org.osgi.annotation.versioning.ProviderType;

/** The gateway's clocks. Never blocks. */
@ProviderType
public interface GatewayClock {

    Moment now();

    /** A random id of this run of the gateway process; {@link Moment#monotonicNanos()} counts within it. */
    UUID bootId();
}
