// SPDX-License-Identifier: Apache-2.0
package edge.web.support;

import edge.api.trust.Provenance;
import edge.api.trust.TrustPolicy;
import edge.api.trust.TrustedCertificate;
import edge.api.trust.TrustedCertificate.Use;
import edge.api.trust.Verdict;
import edge.api.trust.Verdict.Standing;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Whom a gateway trusts, in memory. */
public final class FakeProvenance implements Provenance {
    private static final Verdict TRUSTED = new Verdict(Standing.TRUSTED, "Northwind Drivers", "5f".repeat(32),
        Optional.of(Instant.parse("2026-05-03T10:00:00Z")), "Signed by Northwind Drivers.");
    public final Map<String, Verdict> verdicts = new ConcurrentHashMap<>(Map.of("edge.drivers.demo", TRUSTED));

    @Override
    public TrustPolicy policy() {
        return TrustPolicy.WARN;
    }

    @Override
    public List<TrustedCertificate> certificates() {
        Instant now = Instant.now();
        return List.of(
            new TrustedCertificate("Northwind Root", "Northwind Root", "5f".repeat(32), Use.SIGNING,
                now.minus(Duration.ofDays(300)), now.plus(Duration.ofDays(3000)), false),
            new TrustedCertificate("Contractor <img src=x onerror=alert(1)>", "Northwind Root", "0a".repeat(32), Use.SIGNING,
                now.minus(Duration.ofDays(300)), now.plus(Duration.ofDays(12)), true));
    }

    @Override
    public List<String> problems() {
        return List.of("old.pem is no certificate in PEM or DER: it is empty.");
    }

    @Override
    public Verdict verify(Path jar) {
        return TRUSTED;
    }

    @Override
    public Optional<Verdict> ofDeployed(String symbolicName) {
        return Optional.ofNullable(verdicts.get(symbolicName));
    }

    @Override
    public Optional<byte[]> bill(String symbolicName) {
        return symbolicName.equals("edge.journal") ? Optional.empty() : Optional.of("""
            {"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [
              {"type": "library", "group": "org.eclipse.jetty", "name": "jetty-server", "version": "12.0.32",
               "licenses": [{"expression": "Apache-2.0 OR EPL-2.0"}], "purl": "pkg:maven/org.eclipse.jetty/jetty-server@12.0.32"},
              {"type": "library", "name": "lit", "version": "3.3.2", "licenses": [{"license": {"id": "BSD-3-Clause"}}],
               "purl": "pkg:maven/org.webjars.npm/lit@3.3.2"}]}
            """.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public byte[] bill() {
        return "{\"bomFormat\": \"CycloneDX\", \"specVersion\": \"1.6\"}".getBytes(StandardCharsets.UTF_8);
    }
}
