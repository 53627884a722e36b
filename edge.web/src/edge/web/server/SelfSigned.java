// SPDX-License-Identifier: Apache-2.0
package edge.web.server;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A new P-256 key and a certificate for it that it signed itself (RFC 5280). The JDK has no public API for that, and a
 * trimmed Java runtime has no {@code keytool}.
 */
record SelfSigned(PrivateKey key, X509Certificate certificate) {

    /** Before any gateway was made: a gateway whose clock is not yet set still has a valid certificate. */
    private static final Instant NOT_BEFORE = Instant.parse("2025-01-01T00:00:00Z");
    /** "No well-defined expiration" (RFC 5280, 4.1.2.5): an identity of a device, trusted by looking at its fingerprint. */
    private static final Instant NOT_AFTER = Instant.parse("9999-12-31T23:59:59Z");
    private static final byte[] ECDSA_WITH_SHA256 = Der.sequence(Der.oid("1.2.840.10045.4.3.2"));

    /**
     * @param commonName what people see as the subject
     * @param names host names and literal addresses that the certificate is for
     */
    static SelfSigned create(String commonName, List<String> names) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair pair = generator.generateKeyPair();
        byte[] subject = Der.sequence(Der.set(Der.sequence(Der.oid("2.5.4.3"), Der.utf8(commonName))));
        byte[] body = Der.sequence(
            Der.tagged(0xA0, Der.integer(BigInteger.TWO)),
            Der.integer(new BigInteger(127, new SecureRandom()).setBit(126)),
            ECDSA_WITH_SHA256,
            subject,
            Der.sequence(Der.time(NOT_BEFORE), Der.time(NOT_AFTER)),
            subject,
            pair.getPublic().getEncoded(),
            Der.tagged(0xA3, Der.sequence(
                extension("2.5.29.19", true, Der.sequence()),
                extension("2.5.29.15", true, Der.bits(7, new byte[] {(byte) 0x80})),
                extension("2.5.29.37", false, Der.sequence(Der.oid("1.3.6.1.5.5.7.3.1"))),
                extension("2.5.29.17", false, Der.sequence(alternativeNames(names))))));
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(pair.getPrivate());
        signature.update(body);
        byte[] certificate = Der.sequence(body, ECDSA_WITH_SHA256, Der.bits(0, signature.sign()));
        return new SelfSigned(pair.getPrivate(), (X509Certificate) CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(certificate)));
    }

    private static byte[] extension(String oid, boolean critical, byte[] value) {
        return critical ? Der.sequence(Der.oid(oid), Der.bool(true), Der.octets(value))
            : Der.sequence(Der.oid(oid), Der.octets(value));
    }

    private static byte[][] alternativeNames(List<String> names) {
        List<byte[]> encoded = new ArrayList<>();
        for (String name : names) {
            if (name.matches("[0-9.]+") || name.indexOf(':') >= 0) {
                try {
                    encoded.add(Der.tagged(0x87, InetAddress.getByName(name).getAddress()));
                } catch (UnknownHostException e) {
                    throw new IllegalArgumentException("'" + name + "' is not an IP address", e);
                }
            } else {
                encoded.add(Der.tagged(0x82, name.getBytes(StandardCharsets.US_ASCII)));
            }
        }
        return encoded.toArray(new byte[0][]);
    }
}
