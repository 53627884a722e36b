// SPDX-License-Identifier: Apache-2.0
/**
 * The journal: the append-only, crash-proof log from which every uplink, history view and replay reads.
 *
 * <p>The journal room implements it. The message bus appends, the cloud connector reads through cursors. Stages are
 * completed on the journal's writer thread: continuations must not block.
 */
@Export
@Version("0.1.0")
package edge.api.journal;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;

