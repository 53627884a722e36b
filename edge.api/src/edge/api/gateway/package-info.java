// SPDX-License-Identifier: Apache-2.0
/**
 * The identity of this gateway and its clock. The runtime implements both; everybody may call them on any thread.
 */
@Export
@Version("0.1.0")
package edge.api.gateway;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
