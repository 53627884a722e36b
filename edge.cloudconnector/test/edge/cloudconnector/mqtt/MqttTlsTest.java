// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import edge.api.uplink.Delivery;
import edge.api.uplink.UplinkException.Kind;
import edge.cloudconnector.support.Certificates;
import edge.cloudconnector.support.Mosquitto;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Whom an uplink trusts, and who it is itself: certificates made by openssl, and mosquitto. */
class MqttTlsTest extends MqttRig {

    @Test
    void tls_is_trusted_by_the_ca_file_and_the_host_name() throws Exception {
        Certificates certificates = new Certificates(folder);
        certificates.signed("server", "localhost", 1);
        try (Mosquitto cloud = new Mosquitto(folder, certificates.listener("server"))) {
            uplink("localhost", cloud.port(), Map.of("tls", true, "caFile", "ca.pem"));
            open();
            assertThat(await(send(50, 1000))).containsOnly(Delivery.ACCEPTED);
            assertThat(uplink.address()).isEqualTo("mqtts://localhost:" + cloud.port());
        }
    }

    @Test
    void a_certificate_for_another_host_is_refused() throws Exception {
        Certificates certificates = new Certificates(folder);
        certificates.signed("server", "cloud.example", 1);
        try (Mosquitto cloud = new Mosquitto(folder, certificates.listener("server"))) {
            uplink("localhost", cloud.port(), Map.of("tls", true, "caFile", "ca.pem"));
            assertRefused("The certificate of mqtts://localhost:" + cloud.port() + " is for another host");
            uplink("127.0.0.1", cloud.port(), Map.of("tls", true, "caFile", "ca.pem"));
            assertRefused("The certificate of mqtts://127.0.0.1:" + cloud.port() + " is for another host");
        }
    }

    @Test
    void a_self_signed_certificate_and_one_of_an_unknown_ca_are_refused() throws Exception {
        Certificates certificates = new Certificates(folder);
        certificates.selfSigned("server", "localhost");
        try (Mosquitto cloud = new Mosquitto(folder, certificates.listener("server"))) {
            uplink("localhost", cloud.port(), Map.of("tls", true, "caFile", "ca.pem"));
            assertRefused("The certificate of mqtts://localhost:" + cloud.port() + " is not trusted");
            uplink("localhost", cloud.port(), Map.of("tls", true));
            assertRefused("Name the PEM file of the CA that signed it in 'caFile'");
        }
    }

    @Test
    void an_expired_certificate_is_refused() throws Exception {
        Certificates certificates = new Certificates(folder);
        certificates.signed("server", "localhost", -1);
        try (Mosquitto cloud = new Mosquitto(folder, certificates.listener("server"))) {
            uplink("localhost", cloud.port(), Map.of("tls", true, "caFile", "ca.pem"));
            assertRefused("The certificate of mqtts://localhost:" + cloud.port() + " has expired");
        }
    }

    @Test
    void a_revoked_certificate_is_refused_and_so_is_one_of_which_nobody_tells() throws Exception {
        Certificates certificates = new Certificates(folder);
        certificates.signed("server", "localhost", 1);
        certificates.revocationList("20480101000000Z");
        Map<String, Object> checking = Map.of("tls", true, "caFile", "ca.pem", "crlFile", "ca.crl");
        try (Mosquitto cloud = new Mosquitto(folder, certificates.listener("server"))) {
            uplink("localhost", cloud.port(), checking);
            open();
            uplink.close();
            certificates.revoke("server");
            certificates.revocationList("20480101000000Z");
            uplink("localhost", cloud.port(), checking);
            assertRefused("The certificate of mqtts://localhost:" + cloud.port() + " is revoked");
            certificates.revocationList("20240102000000Z");
            uplink("localhost", cloud.port(), checking);
            assertRefused("Nobody tells whether the certificate of mqtts://localhost:" + cloud.port() + " is revoked");
        }
    }

    @Test
    void a_clock_before_the_certificates_time_is_told_as_a_clock_that_is_wrong() throws Exception {
        Certificates certificates = new Certificates(folder);
        certificates.signedBetween("server", "localhost", "20480101000000Z", "20490101000000Z");
        try (Mosquitto cloud = new Mosquitto(folder, certificates.listener("server"))) {
            uplink("localhost", cloud.port(), Map.of("tls", true, "caFile", "ca.pem"));
            assertThat(refused()).satisfies(why -> {
                assertThat(why.reason()).startsWith("This gateway's clock is wrong, or the certificate of mqtts://localhost:");
                assertThat(why.remedy()).contains("Set the clock");
                // It heals by itself when the clock is set.
                assertThat(why.kind()).isEqualTo(Kind.UNREACHABLE);
            });
        }
    }

    @Test
    void a_cloud_that_wants_a_client_certificate_gets_it_from_the_key_store() throws Exception {
        Certificates certificates = new Certificates(folder);
        certificates.signed("server", "localhost", 1);
        certificates.signed("gateway", "gw-7", 1);
        certificates.keyStore("gateway", "store-password");
        try (Mosquitto cloud = new Mosquitto(folder, certificates.listener("server")[0],
            certificates.listener("server")[1], "cafile " + certificates.ca(), "require_certificate true")) {
            uplink("localhost", cloud.port(), Map.of("tls", true, "caFile", "ca.pem", "keyStore", "gateway.p12",
                "_keyStorePassword", "store-password"));
            open();
            assertThat(await(send(5, 10))).hasSize(5);
            uplink.close();
            uplink("localhost", cloud.port(), Map.of("tls", true, "caFile", "ca.pem"));
            assertRefused("refuses the TLS handshake");
            uplink("localhost", cloud.port(), Map.of("tls", true, "caFile", "ca.pem", "keyStore", "gateway.p12",
                "_keyStorePassword", "another"));
            assertRefused("gateway.p12 cannot be opened");
        }
    }

    @Test
    void tls_to_a_plain_port_and_plain_to_a_tls_port_are_told_apart() throws Exception {
        try (Mosquitto cloud = new Mosquitto(folder)) {
            uplink("127.0.0.1", cloud.port(), Map.of("tls", true));
            assertThat(refused()).hasMessageContaining("mqtts://127.0.0.1:" + cloud.port()).hasMessageContaining("TLS");
        }
        Certificates certificates = new Certificates(folder);
        certificates.signed("server", "localhost", 1);
        try (Mosquitto cloud = new Mosquitto(folder, certificates.listener("server"))) {
            uplink("127.0.0.1", cloud.port(), Map.of());
            assertThat(refused()).hasMessageContaining("mqtt://127.0.0.1:" + cloud.port()).hasMessageContaining("TLS");
        }
    }
}
