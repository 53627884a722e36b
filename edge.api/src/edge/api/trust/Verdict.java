// SPDX-License-Identifier: Apache-2.0
package edge.api.trust;

import java.time.Instant;
import java.util.Optional;

/**
 * What a look at the signature of a jar has found.
 *
 * @param standing the finding in one word
 * @param signer who signed it: the common name of the certificate, or its whole subject; empty if nobody did
 * @param fingerprint the SHA-256 of the signer's certificate in hexadecimal; empty if nobody signed
 * @param signedAt when, by a timestamp of a service that this gateway trusts; empty without one
 * @param sentence the finding in words, with what to do about it
 */
public record Verdict(Standing standing, String signer, String fingerprint, Optional<Instant> signedAt, String sentence) {

    public enum Standing {
        /** Every entry is signed by the same signer, whose certificate leads to one that this gateway trusts. */
        TRUSTED,
        /** Nobody signed it. */
        UNSIGNED,
        /** Signed by somebody whom this gateway does not know. */
        UNKNOWN_SIGNER,
        /** Signed, but the signer's certificate was not valid when it counts: at the time of the timestamp, else now. */
        EXPIRED,
        /** The signer, an issuer of its certificate, or this very jar has been revoked. */
        REVOKED,
        /** Signed, and changed since: an entry was altered, added or taken away, or the signature itself is no good. */
        BROKEN
    }

    public boolean isTrusted() {
        return standing == Standing.TRUSTED;
    }

    /** A finding about a jar that has no signer to show. */
    public static Verdict of(Standing standing, String sentence) {
        return new Verdict(standing, "", "", Optional.empty(), sentence);
    }
}
