// SPDX-License-Identifier: Apache-2.0
package edge.api.trust;

import java.time.Instant;

/**
 * A certificate in the gateway's folder {@code trust}.
 *
 * @param subject whose it is
 * @param issuer who issued it
 * @param fingerprint its SHA-256 in hexadecimal
 * @param use what it is trusted for
 * @param from when it begins to be valid
 * @param until when it ends
 * @param revoked whether the gateway's list of revoked fingerprints names it
 */
public record TrustedCertificate(String subject, String issuer, String fingerprint, Use use, Instant from, Instant until,
                                 boolean revoked) {

    public enum Use {
        /** To sign bundles, or to issue the certificates of those who do. */
        SIGNING,
        /** To say when something was signed. */
        TIMESTAMPS
    }
}
