// SPDX-License-Identifier: Apache-2.0
/**
 * Who calls, what they may do, and the account of what they did.
 *
 * <p>The runtime implements {@link edge.api.access.Accounts} and {@link edge.api.access.AuditLog}. All methods may be
 * called on any thread.
 */
@Export
@Version("0.1.0")
package edge.api.access;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
