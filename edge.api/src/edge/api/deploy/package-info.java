// SPDX-License-Identifier: Apache-2.0
/**
 * Changing the set of bundles of a running gateway.
 *
 * <p>The runtime implements {@link edge.api.deploy.Deployer}; the console and the watched folder call it. One change is
 * carried out at a time.
 */
@Export
@Version("0.1.0")
package edge.api.deploy;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
