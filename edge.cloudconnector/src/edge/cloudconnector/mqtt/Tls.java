// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.mqtt;

import edge.api.uplink.UplinkException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.UnrecoverableKeyException;
import java.security.cert.CRL;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.PKIXRevocationChecker.Option;
import java.security.cert.X509CertSelector;
import java.util.Collection;
import java.util.EnumSet;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** Whom to trust and who we are, read anew for each connection so that changed files count at once. */
final class Tls {

    private Tls() {
    }

    static SSLContext context(MqttSettings settings) throws UplinkException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys(settings), trust(settings), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw refused("TLS cannot be set up: " + e.getMessage(), "See the log of the gateway", e);
        }
    }

    /** Null, by the contract of SSLContext, stands for what the Java runtime trusts. */
    private static TrustManager[] trust(MqttSettings settings) throws UplinkException, GeneralSecurityException {
        if (settings.caFile().isEmpty()) {
            return null;
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        KeyStore anchors = anchors(settings.caFile().get());
        if (settings.crlFile().isPresent()) {
            factory.init(new CertPathTrustManagerParameters(checkingRevocation(anchors, settings.crlFile().get())));
        } else {
            factory.init(anchors);
        }
        return factory.getTrustManagers();
    }

    private static KeyStore anchors(Path file) throws UplinkException, GeneralSecurityException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            int number = 0;
            for (Certificate certificate : certificates(file)) {
                store.setCertificateEntry("ca-" + number++, certificate);
            }
            return store;
        } catch (IOException e) {
            throw refused("The CA file " + file + " cannot be read: " + e.getMessage(),
                "Put a PEM file with the cloud's CA certificate there, or correct 'caFile'", e);
        }
    }

    /** Each certificate of the chain must be on no list, and there must be a list that is valid now. */
    private static PKIXBuilderParameters checkingRevocation(KeyStore anchors, Path file)
        throws UplinkException, GeneralSecurityException {
        try {
            PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, new X509CertSelector());
            PKIXRevocationChecker checker =
                (PKIXRevocationChecker) CertPathBuilder.getInstance("PKIX").getRevocationChecker();
            checker.setOptions(EnumSet.of(Option.PREFER_CRLS, Option.NO_FALLBACK));
            parameters.addCertPathChecker(checker);
            parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(lists(file))));
            return parameters;
        } catch (IOException e) {
            throw refused("The CRL file " + file + " cannot be read: " + e.getMessage(),
                "Put a PEM file with the revocation lists of the cloud's CA there, or correct 'crlFile'", e);
        }
    }

    /** The revocation lists of a PEM file; at least one. */
    static Collection<? extends CRL> lists(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            Collection<? extends CRL> lists = CertificateFactory.getInstance("X.509").generateCRLs(in);
            if (lists.isEmpty()) {
                throw new IOException("there is no revocation list in it");
            }
            return lists;
        } catch (GeneralSecurityException e) {
            throw new IOException("it is no PEM file with revocation lists", e);
        } catch (NoSuchFileException e) {
            throw new IOException("there is no such file", e);
        }
    }

    /** The certificates of a PEM file; at least one. */
    static Collection<? extends Certificate> certificates(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            Collection<? extends Certificate> certificates =
                CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (certificates.isEmpty()) {
                throw new IOException("there is no certificate in it");
            }
            return certificates;
        } catch (CertificateException e) {
            throw new IOException("it is no PEM file with certificates", e);
        } catch (NoSuchFileException e) {
            throw new IOException("there is no such file", e);
        }
    }

    private static KeyManager[] keys(MqttSettings settings) throws UplinkException, GeneralSecurityException {
        if (settings.keyStore().isEmpty()) {
            return new KeyManager[0];
        }
        Path file = settings.keyStore().get();
        try {
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            char[] password = settings.keyStorePassword().toCharArray();
            factory.init(keyStore(file, password), password);
            return factory.getKeyManagers();
        } catch (IOException e) {
            throw refused("The key store " + file + " cannot be opened: " + e.getMessage(),
                "Put a PKCS#12 file with the gateway's certificate and key there, or correct 'keyStore' and"
                    + " '.keyStorePassword'", e);
        }
    }

    /** @param password null to see only whether the file is a key store */
    static KeyStore keyStore(Path file, char[] password) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, password);
            return store;
        } catch (NoSuchFileException e) {
            throw new IOException("there is no such file", e);
        } catch (FileSystemException e) {
            throw e;
        } catch (IOException e) {
            // By KeyStore's contract the cause tells that it is the password.
            throw e.getCause() instanceof UnrecoverableKeyException ? e : new IOException("it is no PKCS#12 file", e);
        } catch (GeneralSecurityException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static UplinkException refused(String reason, String remedy, Exception cause) {
        return new UplinkException(UplinkException.Kind.REFUSED, reason, remedy, cause);
    }
}
