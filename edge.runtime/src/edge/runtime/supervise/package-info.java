// SPDX-License-Identifier: Apache-2.0
/**
 * This side of the supervisor, the start script outside of the JVM: why the last run ended, the pulse that shows that this one
 * is alive, and the wish to be restarted.
 */
package edge.runtime.supervise;
