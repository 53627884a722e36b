// SPDX-License-Identifier: Apache-2.0
/**
 * The JSON form of the contracts, decided once: strict reading that knows line and column, typed values, messages.
 *
 * <p>A library, not a service: every room that reads configuration or writes JSON uses it. Stateless, safe on every thread.
 */
@Export
@Version("0.1.0")
package edge.json;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
