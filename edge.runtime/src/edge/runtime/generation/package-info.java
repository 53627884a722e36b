// SPDX-License-Identifier: Apache-2.0
/**
 * The sets of bundles and configurations that were in force: immutable folders, and one pointer that is replaced atomically.
 * Whoever reads configurations or bundles at a start waits for {@link edge.runtime.generation.GenerationStore}, which first
 * puts right what an interrupted deployment has left.
 */
package edge.runtime.generation;
