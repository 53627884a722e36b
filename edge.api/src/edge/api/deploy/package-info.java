// SPDX-License-Identifier: Apache-2.0
/**
 * Changing the set of bundles and configurations of a running gateway.
 *
 * <p>The runtime implements {@link edge.api.deploy.Deployer}; the console, the watched folder and the MQTT command call it.
 * One deployment is carried out at a time.
 */
@Export
@Version("0.1.0")
package edge.api.deploy;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
