// SPDX-License-Identifier: Apache-2.0
/**
 * For whoever receives from gateways: an {@link edge.verify.Account} proves that everything arrived once and in order, or names
 * what is missing; a {@link edge.verify.DuplicateFilter} drops what came twice, in bounded memory.
 *
 * <p>Both take {@link edge.verify.Arrival}s, which {@link edge.verify.Payloads} makes of the gateway's JSON. Both may be used by
 * any thread.
 */
@Version("0.1.0")
package edge.verify;

import org.osgi.annotation.versioning.Version;
