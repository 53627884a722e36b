// SPDX-License-Identifier: Apache-2.0
/**
 * Typed values: what a tag can hold. Immutable, safe on every thread.
 *
 * <p>Drivers make them, everybody reads them. There is no {@code Object} in the way of a reading.
 */
@Export
@Version("0.1.0")
package edge.api.value;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
