// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;

/**
 * How connections are encrypted (Modbus/TCP Security): TLS 1.2 or newer. A client checks the server's certificate and host name,
 * and shows a certificate of the gateway where the server asks for one; the role that the server grants is an extension
 * (1.3.6.1.4.1.50316.802.1) inside that certificate. A server shows its certificate and demands one of the client.
 *
 * @param caFile PEM file with the certificates to trust; empty for those of the Java runtime
 * @param keyStore PKCS#12 file with the gateway's certificate and key; empty for none
 * @param password of the key store
 */
public record TlsSettings(Optional<Path> caFile, Optional<Path> keyStore, String password) {
    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    /** Without the password. */
    @Override
    public String toString() {
        return "TLS with " + caFile + " and " + keyStore;
    }

    /**
     * A new context from the files as they are now.
     *
     * @throws IOException if a file cannot be read or is not what it should be; the message names it
     */
    public SSLContext context() throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keyStore.isPresent() ? keys(keyStore.get()).getKeyManagers() : null,
                caFile.isPresent() ? trust(caFile.get()).getTrustManagers() : null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("TLS cannot be set up: " + e.getMessage(), e);
        }
    }

    /** An engine for one connection to a server. */
    public static SSLEngine clientEngine(SSLContext context, String host, int port) {
        SSLEngine engine = context.createSSLEngine(host, port);
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(PROTOCOLS);
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        engine.setSSLParameters(parameters);
        return engine;
    }

    /** An engine for one connection of a client, who must have a certificate. */
    public static SSLEngine serverEngine(SSLContext context) {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(PROTOCOLS);
        parameters.setNeedClientAuth(true);
        engine.setSSLParameters(parameters);
        return engine;
    }

    private TrustManagerFactory trust(Path file) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        int count = 0;
        try (InputStream in = Files.newInputStream(file)) {
            for (Certificate certificate : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("ca-" + count++, certificate);
            }
        } catch (IOException | GeneralSecurityException e) {
            throw new IOException("caFile " + file + " cannot be read: " + e, e);
        }
        if (count == 0) {
            throw new IOException("caFile " + file + " holds no certificate");
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory;
    }

    private KeyManagerFactory keys(Path file) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, password.toCharArray());
        } catch (IOException | GeneralSecurityException e) {
            throw new IOException("keyStore " + file + " cannot be opened; check file and password: " + e.getMessage(), e);
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, password.toCharArray());
        return factory;
    }
}
