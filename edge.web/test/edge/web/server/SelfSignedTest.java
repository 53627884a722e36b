// SPDX-License-Identifier: Apache-2.0
package edge.web.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SelfSignedTest {

    @Test
    void the_certificate_is_one_for_a_tls_server_and_signed_by_its_own_key() throws Exception {
        X509Certificate certificate = SelfSigned.create("edge gateway ä", List.of("localhost", "127.0.0.1", "::1"))
            .certificate();

        certificate.verify(certificate.getPublicKey());
        assertThat(certificate.getPublicKey().getAlgorithm()).isEqualTo("EC");
        assertThat(certificate.getSigAlgName()).isEqualTo("SHA256withECDSA");
        assertThat(certificate.getVersion()).isEqualTo(3);
        assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=edge gateway ä");
        assertThat(certificate.getIssuerX500Principal()).isEqualTo(certificate.getSubjectX500Principal());
        assertThat(certificate.getSubjectAlternativeNames()).extracting(name -> name.get(1).toString())
            .containsExactly("localhost", "127.0.0.1", "0:0:0:0:0:0:0:1");
        assertThat(certificate.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
        assertThat(certificate.getBasicConstraints()).as("no certificate authority").isEqualTo(-1);
        assertThat(certificate.getKeyUsage()[0]).as("digital signature").isTrue();
    }

    @Test
    void it_is_valid_on_a_gateway_whose_clock_was_just_set_and_for_its_whole_life() throws Exception {
        X509Certificate certificate = SelfSigned.create("x", List.of("localhost")).certificate();

        certificate.checkValidity(Date.from(Instant.parse("2025-01-02T00:00:00Z")));
        certificate.checkValidity(Date.from(Instant.parse("2090-01-02T00:00:00Z")));
        assertThatThrownBy(() -> certificate.checkValidity(Date.from(Instant.parse("2024-12-31T00:00:00Z"))))
            .hasMessageContaining("NotBefore");
    }

    @Test
    void no_two_devices_have_the_same_key_or_serial_number() throws Exception {
        X509Certificate one = SelfSigned.create("x", List.of("localhost")).certificate();
        X509Certificate two = SelfSigned.create("x", List.of("localhost")).certificate();

        assertThat(one.getPublicKey()).isNotEqualTo(two.getPublicKey());
        assertThat(one.getSerialNumber()).isPositive().isNotEqualTo(two.getSerialNumber());
    }

    @Test
    void the_key_store_is_made_once_and_only_the_owner_may_read_it(@TempDir Path data) throws Exception {
        DeviceCertificate made = DeviceCertificate.openOrCreate(data, "gateway");
        DeviceCertificate opened = DeviceCertificate.openOrCreate(data, "gateway");

        assertThat(opened.fingerprint()).isEqualTo(made.fingerprint()).matches("([0-9A-F]{2}:){31}[0-9A-F]{2}");
        for (String name : List.of("console.p12", "console.p12.password")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve("access").resolve(name))))
                .as(name).isEqualTo("rw-------");
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve("access"))))
            .isEqualTo("rwx------");
        assertThat(data.resolve("access")).isDirectoryNotContaining("glob:**.new");
    }

    @Test
    void a_power_cut_between_password_and_key_store_leaves_a_gateway_that_makes_both_anew(@TempDir Path data)
        throws Exception {
        Files.createDirectories(data.resolve("access"));
        Files.writeString(data.resolve("access/console.p12.password"), "left behind\n");
        Files.writeString(data.resolve("access/console.p12.new"), "half");

        assertThat(DeviceCertificate.openOrCreate(data, "gateway").certificate()).isNotNull();
    }
}
