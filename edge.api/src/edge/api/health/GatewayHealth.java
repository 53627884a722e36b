// SPDX-License-Identifier: Apache-2.0
package edge.api.health;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** The health of the whole gateway: the worst of its parts. */
@ProviderType
public interface GatewayHealth {

    /** One part and how it is. */
    record Part(String subject, HealthReport report) {
    }

    /** All parts: the worst first, of equally bad ones the newest first, then by subject. */
    List<Part> parts();
}
