// SPDX-License-Identifier: Apache-2.0
/**
 * Is it well, and if not, what is wrong since when and what to do: health checks, events and the log.
 *
 * <p>Every room registers a {@link edge.api.health.HealthCheck}; the runtime gathers them behind
 * {@link edge.api.health.GatewayHealth}.
 */
@Export
@Version("0.1.0")
package edge.api.health;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
