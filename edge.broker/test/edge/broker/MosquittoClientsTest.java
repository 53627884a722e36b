// SPDX-License-Identifier: Apache-2.0
package edge.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.ValueSource;

/** With Mosquitto's own clients. */
class MosquittoClientsTest {

    private static final Path PUB = Path.of("/usr/bin/mosquitto_pub");
    private static final Path SUB = Path.of("/usr/bin/mosquitto_sub");

    private Rig rig;

    @BeforeEach
    void start() {
        boolean there = Files.isExecutable(PUB) && Files.isExecutable(SUB);
        if (!there && "1".equals(System.getenv("EDGE_REQUIRE_PEERS"))) {
            throw new AssertionError("mosquitto_pub or mosquitto_sub is missing (package mosquitto-clients)");
        }
        assumeTrue(there, "mosquitto_pub or mosquitto_sub is missing (package mosquitto-clients)");
        rig = Rig.listening();
    }

    @AfterEach
    void stop() {
        if (rig != null) {
            rig.close();
        }
    }

    private Process start(Path program, String user, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("stdbuf", "-oL", program.toString(), "-h", "127.0.0.1", "-p",
            Integer.toString(rig.port()), "-u", user, "-P", user + "-secret"));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private static String finish(Process process) throws Exception {
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return output;
    }

    private Process subscribed(String... arguments) throws IOException {
        Process sub = start(SUB, "panel", arguments);
        // With -d it says so when the SUBACK has come.
        StringBuilder seen = new StringBuilder();
        while (!seen.toString().contains("Subscribed")) {
            int c = sub.getInputStream().read();
            assertThat(c).as("it ended after: " + seen).isNotNegative();
            seen.append((char) c);
        }
        return sub;
    }

    @ParameterizedTest
    @ValueSource(strings = {"311 0", "311 1", "311 2", "5 0", "5 1", "5 2", "31 1"})
    void messages_travel_at_each_quality_of_service_and_version(String versionAndQos) throws Exception {
        String version = versionAndQos.split(" ")[0];
        String qos = versionAndQos.split(" ")[1];
        String protocol = version.equals("5") ? "mqttv5" : "mqttv" + version;
        Process sub = subscribed("-V", protocol, "-q", qos, "-t", "wanted/#", "-C", "2", "-W", "30", "-d");
        for (String text : List.of("one", "two")) {
            Process pub = start(PUB, "sensor", "-V", protocol, "-q", qos, "-t", "wanted/" + text, "-m", text);
            assertThat(finish(pub)).isEmpty();
            assertThat(pub.exitValue()).isZero();
        }
        String output = finish(sub);
        assertThat(output).contains("one", "two").containsPattern("q" + qos);
        assertThat(sub.exitValue()).isZero();
        assertThat(rig.journal.appends).hasSize(2);
    }

    @Test
    void a_session_that_is_kept_has_what_was_missed_and_overlapping_filters_give_one_copy() throws Exception {
        String[] kept = {"-V", "mqttv311", "-c", "-i", "kept", "-q", "1", "-t", "k/#", "-t", "k/+"};
        finish(start(SUB, "panel", with(kept, "-E")));
        rig.await(() -> rig.broker.status().clients().isEmpty(), "it is away");
        for (String text : List.of("one", "two")) {
            finish(start(PUB, "sensor", "-q", "1", "-t", "k/1", "-m", text));
        }
        assertThat(finish(start(SUB, "panel", with(kept, "-C", "2", "-W", "30")))).isEqualTo("one\ntwo\n");
    }

    private static String[] with(String[] arguments, String... more) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    @Test
    void a_wrong_secret_is_refused_with_its_reason() throws Exception {
        Process pub = new ProcessBuilder(PUB.toString(), "-h", "127.0.0.1", "-p", Integer.toString(rig.port()), "-u", "sensor",
            "-P", "wrong", "-t", "a", "-m", "x").redirectErrorStream(true).start();
        assertThat(finish(pub)).contains("Connection Refused: bad user name or password");
        assertThat(pub.exitValue()).isEqualTo(4);
        Process anonymous = new ProcessBuilder(PUB.toString(), "-h", "127.0.0.1", "-p", Integer.toString(rig.port()), "-V", "mqttv5",
            "-t", "a", "-m", "x").redirectErrorStream(true).start();
        finish(anonymous);
        assertThat(anonymous.exitValue()).isNotZero();
    }

    @Test
    void retained_values_and_the_last_values_of_devices_arrive_with_the_flag() throws Exception {
        finish(start(PUB, "sensor", "-t", "state/door", "-m", "open", "-r"));
        rig.broker.bus().publish(rig.tags.scan("boiler", TestTags.reading("temp", 1), TestTags.reading("level", 2)));
        Process sub = start(SUB, "panel", "-t", "state/#", "-t", "edge/v1/+", "-C", "2", "-W", "30", "-F", "%r %t %p");
        String output = finish(sub);
        assertThat(output).contains("1 state/door open").containsPattern("1 edge/v1/boiler .*\"level\".*\"temp\"");
    }

    @Test
    void a_will_is_delivered_when_the_client_is_killed() throws Exception {
        Process sub = subscribed("-t", "plant/1/alarm", "-C", "1", "-W", "30", "-d");
        Process doomed = start(SUB, "sensor", "-t", "x", "--will-topic", "plant/1/alarm", "--will-payload", "died",
            "--will-qos", "1", "-d");
        rig.await(() -> rig.broker.status().clients().size() == 2, "both are connected");
        doomed.destroyForcibly();
        assertThat(finish(sub)).contains("died");
        assertThat(rig.journal.appends).hasSize(1);
    }

    @Test
    void an_mqtt_5_client_is_told_that_it_may_not_publish() throws Exception {
        Process pub = start(PUB, "sensor", "-V", "mqttv5", "-q", "1", "-t", "edge/v1/boiler", "-m", "x", "-d");
        assertThat(finish(pub)).contains("Not authorized");
    }

    @Test
    void a_message_larger_than_allowed_ends_the_connection_and_one_below_passes() throws Exception {
        Path file = Files.createTempFile("payload", ".bin");
        try {
            Files.write(file, new byte[1_000_000]);
            Process fits = start(PUB, "sensor", "-q", "1", "-t", "big", "-f", file.toString());
            finish(fits);
            assertThat(fits.exitValue()).isZero();
            Files.write(file, new byte[1_100_000]);
            long refusedBefore = rig.broker.status().connectionsRefused();
            Process tooBig = start(PUB, "sensor", "-q", "1", "-t", "big", "-f", file.toString());
            rig.await(() -> rig.broker.status().connectionsRefused() > refusedBefore, "it is refused");
            tooBig.destroyForcibly();
        } finally {
            Files.delete(file);
        }
    }
}
