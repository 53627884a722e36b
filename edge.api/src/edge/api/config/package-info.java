// SPDX-License-Identifier: Apache-2.0
/**
 * Configurations of a gateway: one JSON file for each PID in the desired-state directory.
 *
 * <p>The runtime implements {@link edge.api.config.Configurations}; the console edits through it. Bundles implement
 * {@link edge.api.config.ConfigurationCheck} for what Metatype and JSON Schema cannot say.
 */
@Export
@Version("0.1.0")
package edge.api.config;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
