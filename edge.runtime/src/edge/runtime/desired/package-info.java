// SPDX-License-Identifier: Apache-2.0
/**
 * The desired state of the configurations: files in {@code etc}, checked, put in force through ConfigurationAdmin.
 *
 * <p>Everything that changes something runs on one thread, {@code edge-desired}.
 */
package edge.runtime.desired;
