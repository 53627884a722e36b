// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import edge.api.config.Problem;
import edge.cloudconnector.support.Certificates;
import edge.cloudconnector.support.TestGateway;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MqttCheckTest {

    @TempDir
    private Path data;

    private List<String> check(String text) {
        return new MqttCheck(new TestGateway(data)).check("cloud", text).stream().map(Problem::toString).toList();
    }

    @Test
    void a_good_file_has_no_problems() {
        assertThat(check("""
            {
              "host": "cloud.example",
              "user": "plant-7",
              ".password": "secret",
              "topic": "plants/{site}/{device}",
              "streams": ["device/*", "ingest/alarms"]
            }
            """)).isEmpty();
    }

    @Test
    void each_mistake_is_told_with_its_line_and_column() {
        assertThat(check("""
            {
              "host": "mqtt://cloud.example",
              "topic": "plants/{unit}",
              "streams": ["device/*", "", 7],
              "caFile": "nowhere.pem"
            }
            """)).satisfiesExactly(
                problem -> assertThat(problem).startsWith("line 2, column 11: host: host is a name or an address"),
                problem -> assertThat(problem).startsWith("line 3, column 12: topic: there is no placeholder {unit}"),
                problem -> assertThat(problem).startsWith("line 4, column 27: streams[1]: is no pattern of streams"),
                problem -> assertThat(problem).startsWith("line 4, column 31: streams[2]: must be a text"),
                problem -> assertThat(problem)
                    .isEqualTo("line 5, column 13: caFile: cannot be used: there is no such file"));
    }

    @Test
    void a_missing_host_and_a_host_with_a_port_are_refused() {
        assertThat(check("{}")).containsExactly("line 1, column 1: host: is missing: name or address of the cloud's MQTT"
            + " broker");
        assertThat(check("{\"host\": \"cloud.example:8883\"}")).singleElement().asString()
            .contains("put it into 'port'");
        assertThat(check("{\"host\": \"fe80::1%eth0\"}")).isEmpty();
    }

    @Test
    void a_certificate_file_that_is_none_and_one_without_tls_are_refused() throws Exception {
        Files.writeString(data.resolve("ca.pem"), "not a certificate");
        assertThat(check("{\"host\": \"h\", \"caFile\": \"ca.pem\"}")).singleElement().asString()
            .contains("no PEM file with certificates").doesNotContain("Exception");
        Files.writeString(data.resolve("empty.pem"), "");
        assertThat(check("{\"host\": \"h\", \"caFile\": \"empty.pem\"}")).singleElement().asString()
            .contains("there is no certificate in it");
        assertThat(check("{\"host\": \"h\", \"tls\": false, \"caFile\": \"ca.pem\"}")).singleElement().asString()
            .contains("has no meaning when 'tls' is false");
    }

    @Test
    void a_key_store_must_be_one_and_its_password_is_not_looked_at_because_it_is_encrypted() throws Exception {
        Certificates certificates = new Certificates(data);
        certificates.signed("gateway", "gw-7", 1);
        certificates.keyStore("gateway", "right");
        assertThat(check("{\"host\": \"h\", \"keyStore\": \"gateway.p12\", \".keyStorePassword\": \"$secret:1:TWFu\"}"))
            .isEmpty();
        assertThat(check("{\"host\": \"h\", \"keyStore\": \"gateway.pem\", \".keyStorePassword\": \"$secret:1:TWFu\"}"))
            .singleElement().asString().contains("keyStore: cannot be used: it is no PKCS#12 file");
        assertThat(check("{\"host\": \"h\", \"keyStore\": \"nowhere.p12\"}")).singleElement().asString()
            .contains("there is no such file");
    }

    @Test
    void a_name_that_cannot_name_a_cursor_is_refused() {
        assertThat(new MqttCheck(new TestGateway(data)).check("a b", "{\"host\": \"h\"}")).singleElement().asString()
            .contains("edge.cloudconnector.mqtt~NAME.cfg.json");
    }
}
