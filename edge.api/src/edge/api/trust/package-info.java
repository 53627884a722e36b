// SPDX-License-Identifier: Apache-2.0
/**
 * Whose bundles a gateway lets in, and what is inside of them.
 *
 * <p>The runtime implements {@link edge.api.trust.Provenance}; the console asks it. What comes of a signature is a matter of
 * the deployer, which knows the gateway's policy.
 */
@Export
@Version("0.1.0")
package edge.api.trust;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
