// SPDX-License-Identifier: Apache-2.0
package edge.broker.net;

import edge.broker.net.ListenerSettings.ClientCertificates;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.TrustManagerFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificates of the listeners. They are read again when a file changes: connections from then on get the new ones, those
 * that are open stay. What cannot be read leaves the last good ones in force.
 */
public final class Tls {

    private static final Logger LOG = LoggerFactory.getLogger(Tls.class);

    private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");
    /** Forward secrecy and authenticated encryption only. */
    private static final List<String> CIPHERS = List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384",
        "TLS_CHACHA20_POLY1305_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
        "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
        "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");
    private static final Duration EXPIRY_WARNING = Duration.ofDays(30);
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(10);

    private record Loaded(Map<ClientCertificates, SslContext> contexts, X509Certificate certificate) {
    }

    private final TlsSettings settings;
    private volatile Optional<Loaded> loaded = Optional.empty();
    private volatile String problem = "";
    // Guarded by this.
    private List<Long> looked = List.of();
    private List<Long> tried = List.of();
    private long lastTry;

    public Tls(TlsSettings settings) {
        this.settings = settings;
    }

    /**
     * Reads the files if they have changed and were the same at the last look, so that they are not read while somebody copies
     * them; makes a certificate if none is configured. To be called once a second. Reads the disk, may take a second.
     */
    public synchronized void refresh() {
        List<Long> now = changes();
        boolean settled = tried.isEmpty() || now.equals(looked);
        boolean again = !problem.isEmpty() && System.nanoTime() - lastTry > RETRY_NANOS;
        looked = now;
        if (settled && (again || !now.equals(tried))) {
            read();
            tried = settings.certificate().isPresent() ? now : changes();
            lastTry = System.nanoTime();
        }
    }

    private void read() {
        boolean first = loaded.isEmpty();
        try {
            loaded = Optional.of(load());
            problem = "";
            LOG.info("{} the certificate of {}, valid until {}", first ? "MQTT over TLS shows" : "New connections are shown",
                loaded.get().certificate().getSubjectX500Principal(), loaded.get().certificate().getNotAfter().toInstant());
        } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
            String reason = "The certificates of the MQTT listeners cannot be read: "
                + (e.getMessage() == null ? e.toString() : e.getMessage()) + ".";
            if (!reason.equals(problem)) {
                LOG.error("{} {}", reason, first ? "MQTT over TLS is not offered until then." : "The old ones stay in force.");
            }
            problem = reason;
        }
    }

    private List<Long> changes() {
        List<Long> times = new ArrayList<>();
        for (Optional<Path> file : List.of(settings.certificate(), settings.key(), settings.clientCa(), settings.revoked(),
            Optional.of(OwnCertificate.file(settings.own())))) {
            try {
                times.add(file.isPresent() ? Files.getLastModifiedTime(file.get()).toMillis() * 31
                    + Files.size(file.get()) : 0L);
            } catch (IOException e) {
                times.add(-1L);
            }
        }
        return times;
    }

    private Loaded load() throws GeneralSecurityException, IOException {
        Optional<TrustManagerFactory> trust = settings.clientCa().isPresent()
            ? Optional.of(trust(settings.clientCa().get())) : Optional.empty();
        OwnCertificate own = settings.certificate().isPresent() ? null : OwnCertificate.openOrMake(settings.own());
        Map<ClientCertificates, SslContext> contexts = new EnumMap<>(ClientCertificates.class);
        for (ClientCertificates certificates : ClientCertificates.values()) {
            if (certificates == ClientCertificates.NONE || trust.isPresent()) {
                SslContextBuilder builder = own == null ? fromFiles() : SslContextBuilder.forServer(own.keys());
                trust.ifPresent(builder::trustManager);
                contexts.put(certificates, builder.sslProvider(SslProvider.JDK).protocols(PROTOCOLS).ciphers(CIPHERS)
                    .clientAuth(auth(certificates)).sessionTimeout(0).build());
            }
        }
        return new Loaded(contexts, own == null ? first(settings.certificate().orElseThrow()) : own.certificate());
    }

    private SslContextBuilder fromFiles() throws IOException {
        Path key = settings.key().orElseThrow(() -> new IOException("tls.certificate is given, but no tls.key"));
        return SslContextBuilder.forServer(settings.certificate().orElseThrow().toFile(), key.toFile());
    }

    private static ClientAuth auth(ClientCertificates certificates) {
        return switch (certificates) {
            case NONE -> ClientAuth.NONE;
            case OPTIONAL -> ClientAuth.OPTIONAL;
            case REQUIRED -> ClientAuth.REQUIRE;
        };
    }

    private static X509Certificate first(Path file) throws GeneralSecurityException, IOException {
        return (X509Certificate) certificates(file).iterator().next();
    }

    private static Collection<? extends Certificate> certificates(Path file) throws GeneralSecurityException, IOException {
        try (InputStream in = Files.newInputStream(file)) {
            Collection<? extends Certificate> found = CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (found.isEmpty()) {
                throw new GeneralSecurityException(file + " holds no certificate");
            }
            return found;
        }
    }

    private TrustManagerFactory trust(Path file) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        int number = 0;
        for (Certificate certificate : certificates(file)) {
            store.setCertificateEntry("ca-" + number++, certificate);
        }
        PKIXBuilderParameters parameters = new PKIXBuilderParameters(store, new X509CertSelector());
        parameters.setRevocationEnabled(false);
        if (settings.revoked().isPresent()) {
            PKIXRevocationChecker checker = (PKIXRevocationChecker) CertPathBuilder.getInstance("PKIX").getRevocationChecker();
            // The list that is there, and no question to anybody in the network.
            checker.setOptions(EnumSet.of(PKIXRevocationChecker.Option.PREFER_CRLS, PKIXRevocationChecker.Option.NO_FALLBACK,
                PKIXRevocationChecker.Option.ONLY_END_ENTITY));
            parameters.addCertPathChecker(checker);
            try (InputStream in = Files.newInputStream(settings.revoked().get())) {
                parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(
                    CertificateFactory.getInstance("X.509").generateCRLs(in))));
            }
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(new CertPathTrustManagerParameters(parameters));
        return factory;
    }

    /** The context for new connections; empty if there is none, and {@link #problem} says why. */
    Optional<SslContext> context(ClientCertificates certificates) {
        return loaded.map(l -> l.contexts().get(certificates));
    }

    /** What is wrong with the files, or soon will be; empty if nothing. */
    public String problem() {
        if (!problem.isEmpty()) {
            return problem;
        }
        return loaded.map(Loaded::certificate).map(certificate -> certificate.getNotAfter().toInstant())
            .filter(end -> end.isBefore(Instant.now().plus(EXPIRY_WARNING)))
            .map(end -> "The certificate of the MQTT listeners ends on " + end + ".").orElse("");
    }

    /** The common name in the certificate that a client has shown; empty if it has shown none. */
    static Optional<String> name(ChannelPipeline pipeline) {
        SslHandler handler = pipeline.get(SslHandler.class);
        if (handler == null) {
            return Optional.empty();
        }
        try {
            Certificate[] chain = handler.engine().getSession().getPeerCertificates();
            LdapName subject = new LdapName(((X509Certificate) chain[0]).getSubjectX500Principal().getName());
            return subject.getRdns().stream().filter(rdn -> rdn.getType().equalsIgnoreCase("CN")).map(Rdn::getValue)
                .map(String::valueOf).filter(name -> !name.isEmpty()).findFirst();
        } catch (SSLPeerUnverifiedException e) {
            return Optional.empty();
        } catch (InvalidNameException e) {
            LOG.warn("The subject of a client's certificate is no name", e);
            return Optional.empty();
        }
    }
}
