// SPDX-License-Identifier: Apache-2.0
/**
 * Changing the set of bundles of the running gateway, and starting the set at boot.
 *
 * <p>Everything that changes something runs on one thread, {@code edge-deploy}; the code of other bundles runs on threads of
 * its own with a deadline.
 */
package edge.runtime.deploy;
