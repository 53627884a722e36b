// SPDX-License-Identifier: Apache-2.0
package edge.web.server;

import edge.web.http.HttpProblem;
import edge.web.http.Reply;
import java.io.IOException;
import java.net.BindException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** One HTTPS port, HTTP/1.1 over TLS 1.2 or newer. Not reusable: open it once, close it once. */
final class HttpsListener implements AutoCloseable {
    private static final int MOST_THREADS = 24;
    private static final int IDLE_MILLIS = 30_000;
    private static final int HEADER_BYTES = 8 * 1024;
    private static final int STOP_MILLIS = 1_500;

    /** @param host empty for every address */
    record Settings(String host, int port, int maxConnections, int maxConnectionsPerAddress) {
    }

    private final Server server;
    private final ServerConnector connector;
    private final DeviceCertificate certificate;
    private final ConnectionGuard guard;

    private HttpsListener(Server server, ServerConnector connector, DeviceCertificate certificate,
        ConnectionGuard guard) {
        this.server = server;
        this.connector = connector;
        this.certificate = certificate;
        this.guard = guard;
    }

    /**
     * Opens the port.
     *
     * @throws ListenException if it cannot be opened; the message names the remedy
     */
    static HttpsListener open(Settings settings, Path data, String commonName, Handler handler) throws ListenException {
        DeviceCertificate certificate = certificate(data, commonName);
        QueuedThreadPool threads = new QueuedThreadPool(MOST_THREADS, 2, 30_000);
        threads.setName("edge-web");
        threads.setReservedThreads(1);
        Server server = new Server(threads);
        server.setStopTimeout(STOP_MILLIS);
        ServerConnector connector = new ServerConnector(server, 1, 1, new SslConnectionFactory(tls(certificate),
            HttpVersion.HTTP_1_1.asString()), new HttpConnectionFactory(http()));
        if (!settings.host().isEmpty()) {
            connector.setHost(settings.host());
        }
        connector.setPort(settings.port());
        connector.setIdleTimeout(IDLE_MILLIS);
        connector.setShutdownIdleTimeout(STOP_MILLIS);
        ConnectionGuard guard = new ConnectionGuard(settings.maxConnections(), settings.maxConnectionsPerAddress());
        connector.addBean(guard);
        server.addConnector(connector);
        server.setHandler(handler);
        server.setErrorHandler(HttpsListener::bareError);
        HttpsListener listener = new HttpsListener(server, connector, certificate, guard);
        try {
            server.start();
            return listener;
        } catch (Exception e) {
            listener.close();
            throw new ListenException(explain(settings, e), e);
        }
    }

    /** Where it listens; differs from the setting when that was 0. */
    int port() {
        return connector.getLocalPort();
    }

    /** To be called every few seconds. */
    void sweep() {
        guard.sweep();
    }

    X509Certificate x509() {
        return certificate.certificate();
    }

    String fingerprint() {
        try {
            return certificate.fingerprint();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the certificate that is in use cannot be encoded", e);
        }
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            // Jetty tells its own logger; there is nothing to hold on to
        } finally {
            server.destroy();
        }
    }

    private static DeviceCertificate certificate(Path data, String commonName) throws ListenException {
        try {
            return DeviceCertificate.openOrCreate(data, commonName);
        } catch (IOException | GeneralSecurityException e) {
            throw new ListenException("the console's key store " + DeviceCertificate.file(data) + " cannot be used ("
                + e.getMessage() + "); remove it and its .password file, and a new one is made", e);
        }
    }

    private static SslContextFactory.Server tls(DeviceCertificate certificate) {
        SslContextFactory.Server tls = new SslContextFactory.Server();
        tls.setKeyStore(certificate.store());
        tls.setKeyStorePassword(new String(certificate.password()));
        tls.setIncludeProtocols("TLSv1.3", "TLSv1.2");
        tls.setIncludeCipherSuites("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_.*_WITH_AES_.*_GCM_.*", "TLS_ECDHE_.*_WITH_CHACHA20_POLY1305_.*");
        tls.setRenegotiationAllowed(false);
        tls.setSniRequired(false);
        return tls;
    }

    private static HttpConfiguration http() {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setSendXPoweredBy(false);
        http.setRequestHeaderSize(HEADER_BYTES);
        http.setIdleTimeout(IDLE_MILLIS);
        // A gateway is reached by any name or address that leads to it: the certificate is trusted by its fingerprint.
        SecureRequestCustomizer secure = new SecureRequestCustomizer(false);
        secure.setSniHostCheck(false);
        http.addCustomizer(secure);
        return http;
    }

    /** What Jetty itself refuses is answered in the same form, without a word about the server. */
    private static boolean bareError(Request request, Response response, Callback callback) {
        int status = response.getStatus() < 400 ? 500 : response.getStatus();
        Reply reply = Reply.problem(new HttpProblem(status, "malformed", "The request could not be understood."));
        SecurityHeaders.put(response.getHeaders(), SecurityHeaders.policy(""));
        response.setStatus(status);
        response.getHeaders().put("Content-Type", reply.contentType());
        response.getHeaders().put("Connection", "close");
        response.write(true, ByteBuffer.wrap(reply.body()), callback);
        return true;
    }

    private static String explain(Settings settings, Exception e) {
        String where = (settings.host().isEmpty() ? "" : settings.host() + ":") + settings.port();
        Throwable cause = e;
        while (cause.getCause() != null && !(cause instanceof BindException)) {
            cause = cause.getCause();
        }
        if (cause instanceof BindException || String.valueOf(e.getMessage()).startsWith("Failed to bind")) {
            return "the console cannot listen on " + where + " (" + cause.getMessage()
                + "): free the port or configure another one in edge.web.cfg.json";
        }
        return "the console cannot listen on " + where + ": " + cause;
    }

    /** Why the console's port is not open. */
    static final class ListenException extends Exception {
        private static final long serialVersionUID = 1L;

        ListenException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
