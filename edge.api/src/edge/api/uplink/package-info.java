// SPDX-License-Identifier: Apache-2.0
/**
 * Cloud targets.
 *
 * <p>One bundle a target implements {@link edge.api.uplink.Uplink} and registers one service for each configuration; the
 * cloud connector finds it, owns its place in the journal and drives it. A target knows its wire, nothing of cursors,
 * retries or order.
 */
@Export
@Version("0.1.0")
package edge.api.uplink;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
