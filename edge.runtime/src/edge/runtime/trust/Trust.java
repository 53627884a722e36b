// SPDX-License-Identifier: Apache-2.0
package edge.runtime.trust;

import edge.api.gateway.GatewayClock;
import edge.api.trust.TrustPolicy;
import edge.api.trust.TrustedCertificate;
import edge.api.trust.TrustedCertificate.Use;
import edge.api.trust.Verdict;
import edge.api.trust.Verdict.Standing;
import edge.runtime.base.DataDirectory;
import edge.runtime.base.Sha256;
import edge.runtime.trust.Chains.RefusedException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.CodeSigner;
import java.security.Timestamp;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Verifies the signatures of bundles, and knows what this gateway's policy makes of the finding. Any thread. */
@Component(service = Trust.class, name = Trust.PID)
@Designate(ocd = Trust.Config.class)
public final class Trust {
    /** The PID of its configuration. */
    public static final String PID = "edge.runtime.trust";

    private static final Logger LOG = LoggerFactory.getLogger(Trust.class);
    private static final Duration SOON = Duration.ofDays(30);

    /** Whose bundles are let in. */
    @ObjectClassDefinition(name = "Trust", description = "Whose bundles this gateway lets in. The certificates of the signers"
        + " that it trusts, and what is revoked, are in the folder trust of the data directory.")
    public @interface Config {
        @AttributeDefinition(name = "Signatures", description = "off: nobody looks at signatures. warn: what is not signed, or"
            + " signed by somebody unknown, is let in with a warning; what was changed after signing, or is revoked, is"
            + " refused. require: only what a trusted signer signed is let in.",
            options = {@Option(label = "off", value = "off"), @Option(label = "warn", value = "warn"),
                @Option(label = "require", value = "require")})
        String signatures() default "off";

        @AttributeDefinition(name = "Revoked bundles", description = "What becomes of a bundle that runs when it is revoked."
            + " report: it goes on, and the gateway's health says so. stop: it is stopped within a minute, also what it drives.",
            options = {@Option(label = "report", value = "report"), @Option(label = "stop", value = "stop")})
        String revoked() default "report";
    }

    private final Path folder;
    private final InstantSource clock;
    private volatile TrustPolicy policy;
    private volatile boolean stopsRevoked;

    @Activate
    public Trust(BundleContext context, @Reference GatewayClock clock, Config config) {
        this(DataDirectory.root(context).resolve("trust"), () -> clock.now().wall(), policy(config), stops(config));
    }

    Trust(Path folder, InstantSource clock, TrustPolicy policy, boolean stopsRevoked) {
        this.folder = folder;
        this.clock = clock;
        this.policy = policy;
        this.stopsRevoked = stopsRevoked;
    }

    @Modified
    void modified(Config config) {
        policy = policy(config);
        stopsRevoked = stops(config);
        LOG.info("Signatures of bundles: {}", config.signatures());
    }

    private static TrustPolicy policy(Config config) {
        return switch (config.signatures()) {
            case "off" -> TrustPolicy.OFF;
            case "warn" -> TrustPolicy.WARN;
            case "require" -> TrustPolicy.REQUIRE;
            default -> throw new IllegalArgumentException("signatures: '" + config.signatures()
                + "' must be off, warn or require");
        };
    }

    private static boolean stops(Config config) {
        return switch (config.revoked()) {
            case "report" -> false;
            case "stop" -> true;
            default -> throw new IllegalArgumentException("revoked: '" + config.revoked() + "' must be report or stop");
        };
    }

    /** Whether a revoked bundle that runs is stopped. */
    boolean stopsRevoked() {
        return stopsRevoked;
    }

    /** Changes with the policy and with every file that verdicts depend on. */
    String state() {
        return policy + " " + TrustFolder.state(folder);
    }

    public TrustPolicy policy() {
        return policy;
    }

    /** Whom this gateway trusts. */
    public List<TrustedCertificate> certificates() {
        TrustFolder trusted = TrustFolder.read(folder);
        List<TrustedCertificate> certificates = new ArrayList<>();
        trusted.signers().forEach(one -> certificates.add(described(one, Use.SIGNING, trusted)));
        trusted.timestampers().forEach(one -> certificates.add(described(one, Use.TIMESTAMPS, trusted)));
        return certificates;
    }

    private static TrustedCertificate described(X509Certificate certificate, Use use, TrustFolder trusted) {
        String fingerprint = TrustFolder.fingerprint(certificate);
        return new TrustedCertificate(Names.of(certificate), Names.issuer(certificate), fingerprint, use,
            certificate.getNotBefore().toInstant(), certificate.getNotAfter().toInstant(),
            trusted.revoked().containsKey(fingerprint));
    }

    /** What is wrong with the folder, one sentence each. */
    public List<String> problems() {
        TrustFolder trusted = TrustFolder.read(folder);
        List<String> problems = new ArrayList<>(trusted.problems());
        if (trusted.signers().isEmpty() && policy != TrustPolicy.OFF) {
            problems.add("The folder trust has no certificate: nobody's bundles are trusted.");
        }
        Instant now = clock.instant();
        Stream.concat(trusted.signers().stream(), trusted.timestampers().stream())
            .filter(one -> one.getNotAfter().toInstant().isBefore(now.plus(SOON)))
            .forEach(one -> problems.add("The certificate of " + Names.of(one) + (one.getNotAfter().toInstant().isBefore(now)
                ? " ended on " : " ends on ") + one.getNotAfter().toInstant() + "."));
        trusted.lists().stream().filter(list -> list.getNextUpdate() != null && list.getNextUpdate().toInstant().isBefore(now))
            .forEach(list -> problems.add("The revocation list of " + Names.of(list.getIssuerX500Principal())
                + " is out of date since " + list.getNextUpdate().toInstant() + "."));
        return problems;
    }

    /** Why the policy keeps a bundle out; empty if it does not. */
    public Optional<String> refusal(Verdict verdict) {
        boolean refused = switch (policy) {
            case OFF -> false;
            case WARN -> verdict.standing() == Standing.BROKEN || verdict.standing() == Standing.REVOKED;
            case REQUIRE -> !verdict.isTrusted();
        };
        return refused ? Optional.of(verdict.sentence()) : Optional.empty();
    }

    /** What people should know about a bundle that the policy lets in; empty if there is nothing. */
    public Optional<String> warning(Verdict verdict) {
        return policy == TrustPolicy.WARN && !verdict.isTrusted() && refusal(verdict).isEmpty() ? Optional.of(verdict.sentence())
            : Optional.empty();
    }

    /**
     * Looks at the signature of a jar, whatever the policy is.
     *
     * @param jar a file that is known to be a jar of a size that can be read
     * @throws IOException if it cannot be read
     */
    public Verdict verify(Path jar) throws IOException {
        TrustFolder trusted = TrustFolder.read(folder);
        trusted.problems().forEach(problem -> LOG.warn("The folder {}: {}", folder, problem));
        String revoked = trusted.revoked().get(Sha256.of(jar));
        if (revoked != null) {
            return Verdict.of(Standing.REVOKED, "This very file is revoked in this gateway"
                + (revoked.isEmpty() ? "." : ": " + revoked + "."));
        }
        Set<CodeSigner> signers;
        try {
            signers = SignedJar.signers(jar);
        } catch (SignedJar.BrokenException e) {
            return Verdict.of(Standing.BROKEN, e.getMessage());
        }
        Chains chains = new Chains(trusted);
        Verdict best = null;
        for (CodeSigner signer : signers) {
            Verdict verdict = verdict(signer, chains, trusted);
            if (best == null || verdict.standing().compareTo(best.standing()) < 0) {
                best = verdict;
            }
        }
        return best == null ? Verdict.of(Standing.UNSIGNED, "Nobody signed it.") : best;
    }

    private Verdict verdict(CodeSigner signer, Chains chains, TrustFolder trusted) {
        X509Certificate leaf = (X509Certificate) signer.getSignerCertPath().getCertificates().get(0);
        Optional<Instant> stamped = timestamp(signer, chains, trusted);
        Standing standing = Standing.TRUSTED;
        String sentence = "Signed by " + Names.of(leaf) + ".";
        try {
            chains.require(signer.getSignerCertPath(), trusted.signers(), Chains.CODE_SIGNING, false,
                stamped.orElseGet(clock::instant));
        } catch (RefusedException e) {
            standing = e.standing();
            sentence = e.getMessage();
        }
        return new Verdict(standing, Names.of(leaf), TrustFolder.fingerprint(leaf), stamped, sentence);
    }

    /** A timestamp counts only from a service that is trusted: anybody can put one on anything. */
    private Optional<Instant> timestamp(CodeSigner signer, Chains chains, TrustFolder trusted) {
        Timestamp timestamp = signer.getTimestamp();
        if (timestamp == null) {
            return Optional.empty();
        }
        try {
            chains.require(timestamp.getSignerCertPath(), trusted.timestampers(), Chains.TIME_STAMPING, true, clock.instant());
            return Optional.of(timestamp.getTimestamp().toInstant());
        } catch (RefusedException e) {
            LOG.debug("The timestamp does not count", e);
            return Optional.empty();
        }
    }
}
