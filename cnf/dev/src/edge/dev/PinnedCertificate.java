// SPDX-License-Identifier: Apache-2.0
package edge.dev;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** Trusts one certificate, whoever issued it: a gateway's own is known to nobody else. */
final class PinnedCertificate extends X509ExtendedTrustManager {
    private final Optional<String> fingerprint;
    private volatile String seen = "";

    PinnedCertificate(Optional<String> fingerprint) {
        this.fingerprint = fingerprint;
    }

    static String plain(String fingerprint) {
        return fingerprint.replace(":", "").toLowerCase(Locale.ROOT);
    }

    SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {this}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has TLS", e);
        }
    }

    /** The fingerprint that a server shows. Nothing is sent to it. */
    String look(URI server) throws IOException {
        try (SSLSocket socket = (SSLSocket) context().getSocketFactory().createSocket(server.getHost(),
            server.getPort() < 0 ? 443 : server.getPort())) {
            socket.startHandshake();
        } catch (javax.net.ssl.SSLException e) {
            if (seen.isEmpty()) {
                throw e;
            }
        }
        return seen;
    }

    private void check(X509Certificate[] chain) throws CertificateException {
        try {
            seen = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(chain[0].getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new CertificateException(e);
        }
        if (!fingerprint.equals(Optional.of(seen))) {
            throw new CertificateException("not the expected certificate");
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        throw new CertificateException("no server here");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        throw new CertificateException("no server here");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        throw new CertificateException("no server here");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
