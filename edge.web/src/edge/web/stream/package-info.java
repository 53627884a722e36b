// SPDX-License-Identifier: Apache-2.0
/** The live stream: what changed since each client was last told. */
package edge.web.stream;
