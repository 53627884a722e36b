// SPDX-License-Identifier: Apache-2.0
/** The command {@code edge-verify}: an {@link edge.verify.Account} over a subscription or over lines. */
package edge.verify.cli;
