// SPDX-License-Identifier: Apache-2.0
/** What the packages of the runtime share: the data directory, atomic files, watched folders, work with a deadline. */
package edge.runtime.base;
