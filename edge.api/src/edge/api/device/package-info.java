// SPDX-License-Identifier: Apache-2.0
/**
 * Field devices, their tags and readings.
 *
 * <p>Drivers implement {@link edge.api.device.FieldDevice} and {@link edge.api.device.Scan}; the scan engine of the
 * runtime calls them. The runtime implements {@link edge.api.device.TagTable} and {@link edge.api.device.TagWriter};
 * the console, the broker and the Modbus server call those.
 *
 * <p>Threads: the scan engine calls devices on its timer thread and expects every call to return at once; a driver
 * completes its stages on a thread of its own.
 */
@Export
@Version("0.1.0")
package edge.api.device;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
