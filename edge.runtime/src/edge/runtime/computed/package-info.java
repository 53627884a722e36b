// SPDX-License-Identifier: Apache-2.0
/**
 * Devices whose tags are computed from other tags, in a small expression language of our own: no scripts, no loops, so that the
 * cost of an expression is bounded by its length.
 *
 * <p>Threads: expressions are evaluated by the scan engine's timer; readings are gathered into windows by whoever changes the
 * tag table.
 */
package edge.runtime.computed;
