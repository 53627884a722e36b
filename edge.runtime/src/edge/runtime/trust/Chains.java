// SPDX-License-Identifier: Apache-2.0
package edge.runtime.trust;

import edge.api.trust.Verdict.Standing;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateParsingException;
import java.security.cert.CRLReason;
import java.security.cert.PKIXCertPathValidatorResult;
import java.security.cert.PKIXParameters;
import java.security.cert.PKIXReason;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CRL;
import java.security.cert.X509CRLEntry;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;
import java.time.Instant;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Follows chains of certificates to one that is trusted (RFC 5280, 6.1). */
final class Chains {
    /** RFC 5280, 4.2.1.12. */
    static final String CODE_SIGNING = "1.3.6.1.5.5.7.3.3";
    static final String TIME_STAMPING = "1.3.6.1.5.5.7.3.8";
    private static final String ANY_USAGE = "2.5.29.37.0";
    private static final int RSA_BITS = 2048;
    private static final int EC_BITS = 256;

    private final List<X509CRL> lists;
    private final TrustFolder folder;

    /** Why a chain does not count; the message is a sentence. */
    static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;
        private final transient Standing standing;

        RefusedException(Standing standing, String message) {
            super(message);
            this.standing = standing;
        }

        Standing standing() {
            return standing;
        }
    }

    Chains(TrustFolder folder) {
        this.folder = folder;
        this.lists = folder.lists();
    }

    /**
     * Follows a chain.
     *
     * @param path the certificate in question first
     * @param anchors what is trusted: roots, intermediates, or the very certificate
     * @param usage what the certificate must be good for, if it says what it is good for
     * @param required whether it must say so
     */
    void require(CertPath path, List<X509Certificate> anchors, String usage, boolean required, Instant at)
        throws RefusedException {
        List<X509Certificate> chain = path.getCertificates().stream().map(X509Certificate.class::cast).toList();
        X509Certificate leaf = chain.get(0);
        // First: what is revoked is not let in by a policy that lets in what has expired.
        requireNotRevoked(chain);
        requireUsage(leaf, usage, required);
        requireStrength(leaf);
        int end = 0;
        while (end < chain.size() && !anchors.contains(chain.get(end))) {
            end++;
        }
        List<X509Certificate> trusted = end < chain.size() ? List.of(chain.get(end)) : anchors;
        X509Certificate anchor = end == 0 ? leaf : validate(chain.subList(0, end), trusted, at);
        requireDate(anchor, at);
        requireNotRevoked(List.of(anchor));
    }

    private static X509Certificate validate(List<X509Certificate> chain, List<X509Certificate> anchors, Instant at)
        throws RefusedException {
        X509Certificate leaf = chain.get(0);
        if (anchors.isEmpty()) {
            throw unknown(leaf);
        }
        try {
            PKIXParameters parameters = new PKIXParameters(
                anchors.stream().map(anchor -> new TrustAnchor(anchor, null)).collect(Collectors.toSet()));
            parameters.setDate(Date.from(at));
            // The lists in the folder are looked at by ourselves: also old ones, which PKIX leaves aside.
            parameters.setRevocationEnabled(false);
            PKIXCertPathValidatorResult result = (PKIXCertPathValidatorResult) CertPathValidator.getInstance("PKIX")
                .validate(CertificateFactory.getInstance("X.509").generateCertPath(chain), parameters);
            return result.getTrustAnchor().getTrustedCert();
        } catch (CertPathValidatorException e) {
            if (e.getReason() == BasicReason.EXPIRED || e.getReason() == BasicReason.NOT_YET_VALID) {
                requireDate(chain.get(Math.max(0, e.getIndex())), at);
            }
            throw e.getReason() == PKIXReason.NO_TRUST_ANCHOR ? unknown(leaf) : reason(leaf, e);
        } catch (GeneralSecurityException e) {
            throw reason(leaf, e);
        }
    }

    private static RefusedException unknown(X509Certificate leaf) {
        return new RefusedException(Standing.UNKNOWN_SIGNER, "This gateway does not trust the certificate of "
            + Names.of(leaf) + ", issued by " + Names.issuer(leaf) + ". To trust it, put its issuer's certificate into the folder"
            + " trust.");
    }

    private static RefusedException reason(X509Certificate leaf, GeneralSecurityException e) {
        return new RefusedException(Standing.UNKNOWN_SIGNER, "The certificate of " + Names.of(leaf)
            + " does not lead to one that this gateway trusts: " + e.getMessage() + ".");
    }

    private static void requireDate(X509Certificate certificate, Instant at) throws RefusedException {
        try {
            certificate.checkValidity(Date.from(at));
        } catch (CertificateExpiredException e) {
            throw new RefusedException(Standing.EXPIRED, "The certificate of " + Names.of(certificate) + " ended on "
                + certificate.getNotAfter().toInstant() + ", and it is " + at + " here.");
        } catch (CertificateNotYetValidException e) {
            throw new RefusedException(Standing.EXPIRED, "The certificate of " + Names.of(certificate) + " begins on "
                + certificate.getNotBefore().toInstant() + ", and it is " + at + " here: check the gateway's clock.");
        }
    }

    private static void requireUsage(X509Certificate leaf, String usage, boolean required) throws RefusedException {
        String what = usage.equals(CODE_SIGNING) ? "signing code" : "timestamps";
        try {
            List<String> usages = leaf.getExtendedKeyUsage();
            boolean fits = usages == null ? !required : usages.contains(usage) || !required && usages.contains(ANY_USAGE);
            boolean[] key = leaf.getKeyUsage();
            // RFC 5280, 4.2.1.3: digitalSignature and nonRepudiation.
            if (!fits || key != null && !key[0] && !key[1]) {
                throw new RefusedException(Standing.UNKNOWN_SIGNER, "The certificate of " + Names.of(leaf) + " is not meant for "
                    + what + ".");
            }
        } catch (CertificateParsingException e) {
            throw new RefusedException(Standing.UNKNOWN_SIGNER, "The certificate of " + Names.of(leaf) + " cannot be read: "
                + e.getMessage() + ".");
        }
    }

    private static void requireStrength(X509Certificate leaf) throws RefusedException {
        PublicKey key = leaf.getPublicKey();
        boolean weak = key instanceof RSAKey rsa && rsa.getModulus().bitLength() < RSA_BITS
            || key instanceof ECKey ec && ec.getParams().getOrder().bitLength() < EC_BITS || "DSA".equals(key.getAlgorithm());
        if (weak) {
            throw new RefusedException(Standing.UNKNOWN_SIGNER, "The key of " + Names.of(leaf) + " is too weak: RSA needs "
                + RSA_BITS + " bits or more, elliptic curves " + EC_BITS + ", and DSA does not count.");
        }
    }

    private void requireNotRevoked(List<X509Certificate> chain) throws RefusedException {
        for (int i = 0; i < chain.size(); i++) {
            X509Certificate certificate = chain.get(i);
            String why = folder.revoked().get(TrustFolder.fingerprint(certificate));
            if (why != null) {
                throw new RefusedException(Standing.REVOKED, "The certificate of " + Names.of(certificate)
                    + " is revoked in this gateway" + (why.isEmpty() ? "." : ": " + why + "."));
            }
            Set<X509Certificate> issuers = new HashSet<>(folder.signers());
            issuers.addAll(folder.timestampers());
            issuers.addAll(chain);
            for (X509CRL list : lists) {
                X509CRLEntry entry = list.getRevokedCertificate(certificate);
                if (entry != null && entry.getRevocationReason() != CRLReason.REMOVE_FROM_CRL && isGenuine(list, issuers)) {
                    throw new RefusedException(Standing.REVOKED, "The certificate of " + Names.of(certificate) + " was revoked by "
                        + Names.issuer(certificate) + " on " + entry.getRevocationDate().toInstant() + ".");
                }
            }
        }
    }

    /** A list counts if its issuer signed it, and for ever: one that is out of date takes nothing back. */
    private static boolean isGenuine(X509CRL list, Set<X509Certificate> issuers) {
        for (X509Certificate issuer : issuers) {
            if (issuer.getSubjectX500Principal().equals(list.getIssuerX500Principal())) {
                try {
                    list.verify(issuer.getPublicKey());
                    return true;
                } catch (GeneralSecurityException e) {
                    // Another one of the same name.
                    continue;
                }
            }
        }
        return false;
    }
}
