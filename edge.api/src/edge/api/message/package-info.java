// SPDX-License-Identifier: Apache-2.0
/**
 * Messages and the one ingest path that all of them take.
 *
 * <p>The broker room implements {@link edge.api.message.MessageBus}; the scan engine, MQTT clients, wills and internal
 * publishers all enter by {@link edge.api.message.MessageBus#publish}. Any thread may call it.
 */
@Export
@Version("0.1.0")
package edge.api.message;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
