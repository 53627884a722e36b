// SPDX-License-Identifier: Apache-2.0
package edge.runtime.trust;

import static org.assertj.core.api.Assertions.assertThat;

import edge.api.trust.TrustPolicy;
import edge.api.trust.Verdict.Standing;
import edge.api.trust.Verdict;
import edge.runtime.testkit.TestBundle;
import edge.test.support.Peers;
import edge.test.support.Pki;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every jar here is made, signed and spoilt with the tools that an author, or an attacker, would use. */
class TrustTest {
    private static final String SIGNER = "Acme Drivers";

    @TempDir
    static Path shared;
    private static Pki pki;
    private static byte[] signedByAcme;

    @TempDir
    Path temp;
    private Path trusted;
    private Path jar;
    private Instant now = Instant.now().plus(Duration.ofHours(1));

    @BeforeAll
    static void makeKeys() throws Exception {
        String[] code = {"-signer", "root", "-ext", "eku=codeSigning", "-ext", "ku=digitalSignature", "-validity", "365"};
        pki = new Pki(shared)
            .key("root", "Acme Root", "-ext", "bc:c", "-ext", "ku=keyCertSign,cRLSign", "-validity", "3650")
            .key("acme", SIGNER, code)
            .key("stranger", "A Stranger", "-ext", "eku=codeSigning", "-validity", "365");
        signedByAcme = Files.readAllBytes(sign(write(shared.resolve("acme.jar")), "acme"));
    }

    @BeforeEach
    void makeFolder() throws IOException {
        trusted = Files.createDirectories(temp.resolve("trust"));
        jar = temp.resolve("bundle.jar");
        trust("root");
    }

    private static Path write(Path jar) {
        return TestBundle.named("acme.driver", "1.0.0").with(TrustTest.class).entry("OSGI-INF/", new byte[0])
            .entry("OSGI-INF/one.xml", "<one/>").entry("OSGI-INF/two.xml", "<two/>").write(jar);
    }

    private static Path sign(Path jar, String alias, String... options) {
        pki.sign(jar, alias, options);
        return jar;
    }

    private void trust(String alias) throws IOException {
        Files.copy(pki.certificate(alias), trusted.resolve(alias + ".pem"));
    }

    private Path acmes() throws IOException {
        return Files.write(jar, signedByAcme);
    }

    private Trust trust(TrustPolicy policy) {
        return new Trust(trusted, () -> now, policy, false);
    }

    private Verdict verify() throws IOException {
        return trust(TrustPolicy.REQUIRE).verify(jar);
    }

    private void is(Standing standing, String... words) throws IOException {
        Verdict verdict = verify();
        assertThat(verdict.standing()).as("%s", verdict).isEqualTo(standing);
        assertThat(verdict.sentence()).endsWith(".");
        for (String word : words) {
            assertThat(verdict.sentence()).contains(word);
        }
    }

    @FunctionalInterface
    private interface Change {
        void on(FileSystem jar) throws IOException;
    }

    private void change(Change change) throws IOException {
        try (FileSystem zip = FileSystems.newFileSystem(URI.create("jar:" + jar.toUri()), Map.of())) {
            change.on(zip);
        }
    }

    private static X509Certificate certificate(String alias) throws Exception {
        return (X509Certificate) KeyStore.getInstance(pki.keys().toFile(), Pki.PASSWORD.toCharArray()).getCertificate(alias);
    }

    private static String serial(String alias) throws Exception {
        return certificate(alias).getSerialNumber().toString();
    }

    @Test
    void a_jar_signed_under_a_trusted_root_is_trusted_and_its_signer_is_shown() throws Exception {
        acmes();
        is(Standing.TRUSTED, SIGNER);
        assertThat(verify().signer()).isEqualTo(SIGNER);
        assertThat(verify().fingerprint()).isEqualTo(TrustFolder.fingerprint(certificate("acme")));
        assertThat(verify().signedAt()).isEmpty();
    }

    @Test
    void the_certificate_of_the_signer_itself_may_be_what_is_trusted() throws Exception {
        sign(write(jar), "stranger");
        is(Standing.UNKNOWN_SIGNER, "A Stranger");
        trust("stranger");
        is(Standing.TRUSTED, "A Stranger");
    }

    @Test
    void an_issuer_in_the_middle_may_be_what_is_trusted() throws Exception {
        pki.key("middle", "Acme Building 7", "-signer", "root", "-ext", "bc:c", "-ext", "ku=keyCertSign")
            .key("below", "Acme Line 3", "-signer", "middle", "-ext", "eku:critical=codeSigning");
        sign(write(jar), "below");
        is(Standing.TRUSTED, "Acme Line 3");
        Files.delete(trusted.resolve("root.pem"));
        is(Standing.UNKNOWN_SIGNER, "Acme Building 7");
        trust("middle");
        is(Standing.TRUSTED, "Acme Line 3");
        acmes();
        is(Standing.UNKNOWN_SIGNER, "Acme Root");
    }

    @Test
    void an_unsigned_jar_is_unsigned() throws Exception {
        write(jar);
        is(Standing.UNSIGNED);
    }

    @Test
    void an_altered_entry_breaks_the_signature() throws Exception {
        acmes();
        change(zip -> Files.writeString(zip.getPath("OSGI-INF/one.xml"), "<ONE/>"));
        is(Standing.BROKEN, "OSGI-INF/one.xml");
    }

    @Test
    void an_added_entry_breaks_the_signature() throws Exception {
        acmes();
        change(zip -> Files.writeString(zip.getPath("OSGI-INF/three.xml"), "<three/>"));
        is(Standing.BROKEN, "Nobody signed its entry OSGI-INF/three.xml");
    }

    @Test
    void an_entry_beside_the_signature_files_breaks_the_signature() throws Exception {
        acmes();
        change(zip -> Files.writeString(zip.getPath("META-INF/SIG-EXTRA"), "anything"));
        is(Standing.BROKEN, "META-INF/SIG-EXTRA");
    }

    @Test
    void an_entry_that_was_taken_out_breaks_the_signature() throws Exception {
        acmes();
        change(zip -> Files.delete(zip.getPath("OSGI-INF/two.xml")));
        is(Standing.BROKEN, "OSGI-INF/two.xml");
    }

    @Test
    void an_altered_header_breaks_the_signature() throws Exception {
        acmes();
        change(zip -> {
            Path manifest = zip.getPath("META-INF/MANIFEST.MF");
            Files.writeString(manifest, Files.readString(manifest).replace("acme.driver", "acme.DRIVER"));
        });
        is(Standing.BROKEN);
    }

    @Test
    void a_signature_that_leaves_the_headers_out_is_broken_although_java_accepts_it() throws Exception {
        Peers.need("openssl");
        acmes();
        Path sections = temp.resolve("ACME.SF");
        change(zip -> {
            String whole = Files.readString(zip.getPath("META-INF/ACME.SF"));
            Files.writeString(sections, "Signature-Version: 1.0\r\n\r\n" + whole.substring(whole.indexOf("Name: ")));
            Path manifest = zip.getPath("META-INF/MANIFEST.MF");
            Files.writeString(manifest, Files.readString(manifest).replace("acme.driver", "acme.DRIVER"));
        });
        Pki.run(List.of("openssl", "cms", "-sign", "-binary", "-noattr", "-in", sections.toString(), "-signer",
            pki.certificate("acme").toString(), "-inkey", pki.privateKey("acme").toString(), "-outform", "DER", "-out",
            temp.resolve("ACME.EC").toString()));
        change(zip -> {
            Files.copy(sections, zip.getPath("META-INF/ACME.SF"), StandardCopyOption.REPLACE_EXISTING);
            Files.copy(temp.resolve("ACME.EC"), zip.getPath("META-INF/ACME.EC"), StandardCopyOption.REPLACE_EXISTING);
        });
        assertThat(Pki.run(List.of(Pki.tool("jarsigner"), "-verify", jar.toString()))).contains("jar verified");
        is(Standing.BROKEN, "does not cover the headers");
    }

    @Test
    void a_signature_of_the_manifest_alone_signs_nothing() throws Exception {
        sign(TestBundle.named("acme.driver", "1.0.0").write(jar), "acme");
        change(zip -> Files.writeString(zip.getPath("content.txt"), "nobody signed this"));
        is(Standing.BROKEN, "covers none of its entries");
    }

    @Test
    void a_signature_file_without_its_block_is_broken() throws Exception {
        acmes();
        change(zip -> Files.delete(zip.getPath("META-INF/ACME.EC")));
        is(Standing.BROKEN);
    }

    @Test
    void a_block_of_rubbish_is_broken() throws Exception {
        acmes();
        change(zip -> Files.write(zip.getPath("META-INF/ACME.EC"), new byte[] {0x30, (byte) 0x84, 0x7f, 1, 1, 1, 0, 0}));
        is(Standing.BROKEN);
    }

    @Test
    void somebody_elses_block_over_this_signature_file_is_broken() throws Exception {
        Path other = sign(TestBundle.named("acme.other", "1.0.0").entry("x", "x").write(temp.resolve("other.jar")), "stranger");
        byte[] block;
        try (FileSystem zip = FileSystems.newFileSystem(other)) {
            block = Files.readAllBytes(zip.getPath("META-INF/STRANGER.EC"));
        }
        acmes();
        change(zip -> Files.write(zip.getPath("META-INF/ACME.EC"), block));
        is(Standing.BROKEN);
    }

    @Test
    void entries_signed_by_different_people_are_broken() throws Exception {
        Peers.need("openssl");
        acmes();
        change(zip -> Files.writeString(zip.getPath("OSGI-INF/three.xml"), "<three/>"));
        sign(jar, "stranger");
        is(Standing.UNKNOWN_SIGNER, "A Stranger");
        trust("stranger");
        is(Standing.TRUSTED, "A Stranger");
        // The same, but the stranger signs only what Acme did not.
        Path only = temp.resolve("STRANGER.SF");
        change(zip -> {
            String[] sections = Files.readString(zip.getPath("META-INF/STRANGER.SF")).split("(?=Name: )");
            String third = Stream.of(sections).filter(section -> section.contains("three.xml")).findFirst().orElseThrow();
            Files.writeString(only, sections[0] + third);
        });
        Pki.run(List.of("openssl", "cms", "-sign", "-binary", "-noattr", "-in", only.toString(), "-signer",
            pki.certificate("stranger").toString(), "-inkey", pki.privateKey("stranger").toString(), "-outform", "DER",
            "-out", temp.resolve("STRANGER.EC").toString()));
        change(zip -> {
            Files.copy(only, zip.getPath("META-INF/STRANGER.SF"), StandardCopyOption.REPLACE_EXISTING);
            Files.copy(temp.resolve("STRANGER.EC"), zip.getPath("META-INF/STRANGER.EC"), StandardCopyOption.REPLACE_EXISTING);
        });
        is(Standing.BROKEN, "different people");
    }

    @Test
    void two_people_may_both_sign_everything_and_the_better_one_counts() throws Exception {
        acmes();
        sign(jar, "stranger");
        is(Standing.TRUSTED, SIGNER);
    }

    @ParameterizedTest
    @CsvSource({"MD5", "SHA-1"})
    void digests_that_are_no_longer_safe_do_not_count(String digest) throws Exception {
        sign(write(jar), "acme", "-digestalg", digest);
        is(Standing.BROKEN, "SHA-256");
    }

    @Test
    void a_weak_key_does_not_count() throws Exception {
        pki.key("weak", "Weak", "-keyalg", "RSA", "-keysize", "1024", "-validity", "365");
        sign(write(jar), "weak");
        trust("weak");
        is(Standing.UNKNOWN_SIGNER, "too weak");
    }

    @Test
    void a_certificate_that_is_meant_for_servers_does_not_sign_bundles() throws Exception {
        pki.key("server", "www.acme.test", "-signer", "root", "-ext", "eku=serverAuth", "-validity", "365");
        sign(write(jar), "server");
        is(Standing.UNKNOWN_SIGNER, "not meant for signing code");
    }

    @Test
    void a_certificate_that_may_not_issue_others_does_not() throws Exception {
        pki.key("below-acme", "Below Acme", "-signer", "acme", "-ext", "eku=codeSigning", "-validity", "30");
        sign(write(jar), "below-acme");
        is(Standing.UNKNOWN_SIGNER, "Below Acme");
    }

    @Test
    void somebody_who_gave_himself_the_issuers_name_is_unknown() throws Exception {
        Path fakes = Files.createDirectories(temp.resolve("fake"));
        Pki fake = new Pki(fakes)
            .key("root", "Acme Root", "-ext", "bc:c", "-ext", "ku=keyCertSign,cRLSign")
            .key("acme", SIGNER, "-signer", "root", "-ext", "eku=codeSigning");
        fake.sign(write(jar), "acme");
        is(Standing.UNKNOWN_SIGNER, SIGNER);
    }

    @Test
    void an_expired_signer_has_expired_and_so_has_one_whose_time_has_not_come() throws Exception {
        acmes();
        now = Instant.now().plus(Duration.ofDays(400));
        is(Standing.EXPIRED, SIGNER, "ended on");
        now = Instant.now().minus(Duration.ofDays(2));
        is(Standing.EXPIRED, "begins on", "clock");
        now = Instant.now().plus(Duration.ofDays(4000));
        Files.copy(pki.certificate("acme"), trusted.resolve("acme.pem"));
        is(Standing.EXPIRED, SIGNER);
    }

    @Test
    void a_timestamp_of_a_trusted_service_outlives_the_signer() throws Exception {
        try (TimestampService service = TimestampService.start(shared.resolve("one"))) {
            sign(write(jar), "acme", "-tsa", service.address());
            now = Instant.now().plus(Duration.ofDays(400));
            // Anybody can run a timestamp service: this one is not trusted yet.
            is(Standing.EXPIRED, SIGNER);
            // One who may sign bundles may not say when he did.
            Files.copy(service.root(), trusted.resolve("tsa.pem"));
            is(Standing.EXPIRED, SIGNER);
            Files.createDirectories(trusted.resolve(TrustFolder.TIMESTAMP));
            Files.move(trusted.resolve("tsa.pem"), trusted.resolve("timestamp/tsa.pem"));
            is(Standing.TRUSTED, SIGNER);
            assertThat(Duration.between(verify().signedAt().orElseThrow(), Instant.now())).isLessThan(Duration.ofMinutes(5));
            now = Instant.now().plus(Duration.ofDays(4000));
            is(Standing.EXPIRED, SIGNER);
        }
    }

    @Test
    void a_timestamp_does_not_make_a_certificate_of_yesterday_good_that_had_expired_then() throws Exception {
        pki.key("late", "Too Late", "-signer", "root", "-ext", "eku=codeSigning", "-startdate", "-800d", "-validity", "365");
        try (TimestampService service = TimestampService.start(shared.resolve("two"))) {
            Files.createDirectories(trusted.resolve(TrustFolder.TIMESTAMP));
            Files.copy(service.root(), trusted.resolve("timestamp/tsa.pem"));
            sign(write(jar), "late", "-tsa", service.address());
            is(Standing.EXPIRED, "Too Late");
        }
    }

    @Test
    void a_revocation_list_revokes_also_when_it_is_out_of_date() throws Exception {
        acmes();
        Files.copy(pki.revocationList("root", serial("acme"), "-startdate", "-90d"), trusted.resolve("acme.crl"));
        now = Instant.now().plus(Duration.ofDays(200));
        is(Standing.REVOKED, SIGNER, "revoked by Acme Root");
        now = Instant.now().plus(Duration.ofDays(400));
        is(Standing.REVOKED, SIGNER);
    }

    @Test
    void a_revocation_list_of_somebody_else_revokes_nothing() throws Exception {
        acmes();
        Pki fake = new Pki(Files.createDirectories(temp.resolve("fake"))).key("root", "Acme Root", "-ext", "bc:c");
        Files.copy(fake.revocationList("root", serial("acme")), trusted.resolve("fake.crl"));
        Files.copy(pki.revocationList("root", "12345"), trusted.resolve("other.crl"));
        is(Standing.TRUSTED, SIGNER);
    }

    @Test
    void a_fingerprint_in_the_list_of_the_revoked_revokes_a_signer_an_issuer_or_one_jar() throws Exception {
        acmes();
        Path list = trusted.resolve(TrustFolder.REVOKED);
        String printed = TrustFolder.fingerprint(certificate("acme")).toUpperCase().replaceAll("(..)(?!$)", "$1:");
        Files.writeString(list, "# lost\n\n" + printed + "  laptop stolen on 3 May\n");
        is(Standing.REVOKED, "laptop stolen on 3 May");
        Files.writeString(list, TrustFolder.fingerprint(certificate("root")) + "\n");
        is(Standing.REVOKED, "Acme Root");
        Files.writeString(list, edge.runtime.base.Sha256.of(jar) + " resets the pump\n");
        is(Standing.REVOKED, "This very file", "resets the pump");
        Files.writeString(list, "not a fingerprint\n");
        is(Standing.TRUSTED, SIGNER);
        assertThat(TrustFolder.read(trusted).problems()).singleElement(org.assertj.core.api.InstanceOfAssertFactories.STRING)
            .contains(TrustFolder.REVOKED, "line 1");
    }

    @Test
    void a_file_that_is_no_certificate_is_told_and_trusts_nobody() throws Exception {
        acmes();
        Files.writeString(trusted.resolve("root.pem"), "-----BEGIN CERTIFICATE-----\nrubbish\n-----END CERTIFICATE-----\n");
        is(Standing.UNKNOWN_SIGNER, SIGNER);
        assertThat(TrustFolder.read(trusted).problems()).hasSize(1);
    }

    @Test
    void without_a_folder_nobody_is_trusted() throws Exception {
        acmes();
        trusted = temp.resolve("nothing");
        is(Standing.UNKNOWN_SIGNER, SIGNER);
    }

    @ParameterizedTest
    @CsvSource({
        "OFF, TRUSTED, in", "OFF, UNSIGNED, in", "OFF, UNKNOWN_SIGNER, in", "OFF, EXPIRED, in", "OFF, REVOKED, in",
        "OFF, BROKEN, in",
        "WARN, TRUSTED, in", "WARN, UNSIGNED, warned", "WARN, UNKNOWN_SIGNER, warned", "WARN, EXPIRED, warned",
        "WARN, REVOKED, out", "WARN, BROKEN, out",
        "REQUIRE, TRUSTED, in", "REQUIRE, UNSIGNED, out", "REQUIRE, UNKNOWN_SIGNER, out", "REQUIRE, EXPIRED, out",
        "REQUIRE, REVOKED, out", "REQUIRE, BROKEN, out"})
    void the_policy_decides_who_is_let_in(TrustPolicy policy, Standing standing, String expected) {
        Trust trust = trust(policy);
        Verdict verdict = Verdict.of(standing, "A sentence.");
        assertThat(trust.refusal(verdict).isPresent()).isEqualTo(expected.equals("out"));
        assertThat(trust.warning(verdict).isPresent()).isEqualTo(expected.equals("warned"));
    }

    @Test
    void what_a_certificate_says_about_its_owner_stays_on_one_line() throws Exception {
        pki.key("odd", "Odd\\, \\\"Ltd\\\"\u0007 " + "x".repeat(40), "-validity", "30");
        sign(write(jar), "odd");
        assertThat(verify().signer()).startsWith("Odd, ").doesNotContainPattern("\\p{Cntrl}");
    }
}
