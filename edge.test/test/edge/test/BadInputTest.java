// SPDX-License-Identifier: Apache-2.0
package edge.test;

import static org.assertj.core.api.Assertions.assertThat;

import edge.json.Json;
import edge.test.support.Cloud;
import edge.test.support.GatewayProcess;
import edge.test.support.Plc;
import edge.test.support.Program;
import edge.test.support.Until;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each wrong thing gets one clear message that names it and the remedy; the rest of the gateway keeps running. */
class BadInputTest {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    static Path folder;
    private static Plc plc;
    private static GatewayProcess gateway;

    @BeforeAll
    static void start() throws Exception {
        plc = new Plc(folder);
        gateway = new GatewayProcess(folder.resolve("data"));
        gateway.readPlc("plc", plc.port());
        gateway.start();
        Until.holds(PATIENCE, "good values", gateway::log, () -> quality("plc").equals("good"));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        plc.close();
    }

    /** Quality of the device's first tag. */
    private static String quality(String device) throws Exception {
        return firstTag(device).text("quality", "good");
    }

    private static Json.Obj firstTag(String device) throws Exception {
        return gateway.json("/api/v1/devices/" + device).asObject().get("items").asArray().get(0).asObject();
    }

    private static Json.Obj configuration(String pid) throws Exception {
        for (Json item : gateway.items("/api/v1/configurations")) {
            if (item.asObject().text("pid").equals(pid)) {
                return item.asObject();
            }
        }
        throw new IllegalStateException("no configuration " + pid + " yet");
    }

    private static void refused(String pid, int line, String... words) {
        Until.holds(PATIENCE, pid + " to be refused", gateway::log,
            () -> configuration(pid).text("status").equals("refused"));
        try {
            Json.Obj problem = configuration(pid).get("problems").asArray().get(0).asObject();
            assertThat(problem.integer("line", 0, 1000)).isEqualTo(line);
            assertThat(problem.text("attribute", "") + ": " + problem.text("message")).contains(words);
            Until.holds(PATIENCE, "the log to say so", gateway::log,
                () -> gateway.log().contains(pid + ".cfg.json") && Stream.of(words).allMatch(gateway.log()::contains));
            assertThat(quality("plc")).isEqualTo("good");
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void an_unknown_key_is_named_with_file_and_line() throws Exception {
        gateway.configure("edge.drivers.modbus~key", "{\n  \"host\": \"127.0.0.1\",\n  \"prot\": 502,\n  \"tags\": []\n}");
        refused("edge.drivers.modbus~key", 3, "prot");
    }

    @Test
    void a_wrong_type_is_named_with_file_and_line() throws Exception {
        gateway.configure("edge.drivers.modbus~type", "{\n  \"host\": \"127.0.0.1\",\n  \"port\": \"five\",\n"
            + "  \"tags\": [{\"name\": \"a\", \"table\": \"holding\", \"address\": 0, \"type\": \"int16\"}]\n}");
        refused("edge.drivers.modbus~type", 3, "port", "five");
    }

    @Test
    void a_value_out_of_range_is_named_with_file_and_line() throws Exception {
        gateway.configure("edge.drivers.modbus~range", "{\n  \"host\": \"127.0.0.1\",\n  \"tags\": [\n"
            + "    {\"name\": \"a\", \"table\": \"holding\",\n     \"address\": 70000, \"type\": \"int16\"}]\n}");
        refused("edge.drivers.modbus~range", 5, "tags[0].address", "70000");
    }

    @Test
    void a_file_that_is_no_json_is_named_with_line() throws Exception {
        gateway.configure("edge.drivers.modbus~json", "{\n  \"host\": \"127.0.0.1\"\n  \"port\": 502\n}");
        refused("edge.drivers.modbus~json", 3, "comma");
    }

    @Test
    void a_bad_edit_leaves_the_last_good_state_in_force() throws Exception {
        gateway.readPlc("edited", plc.port());
        Until.holds(PATIENCE, "good values", gateway::log, () -> quality("edited").equals("good"));
        gateway.configure("edge.drivers.modbus~edited", "{\"host\": \"127.0.0.1\", \"port\": 70000, \"tags\": []}");
        Until.holds(PATIENCE, "the edit to be refused", gateway::log,
            () -> configuration("edge.drivers.modbus~edited").text("status").equals("refused"));
        assertThat(quality("edited")).isEqualTo("good");
    }

    @Test
    void a_plc_that_is_off_is_named_with_the_next_attempt() throws Exception {
        gateway.readPlc("off", Program.freePort());
        Until.holds(PATIENCE, "the device to be seen as off", gateway::log,
            () -> firstTag("off").text("reason", "").equals("not-connected"));
        assertThat(firstTag("off").text("detail")).contains("127.0.0.1");
        assertThat(quality("plc")).isEqualTo("good");
    }

    @Test
    void a_plc_that_answers_rubbish_gives_bad_values_with_a_reason() throws Exception {
        try (ServerSocket rubbish = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread server = new Thread(() -> {
                byte[] noise = new byte[260];
                new java.util.Random(1).nextBytes(noise);
                while (!rubbish.isClosed()) {
                    try (var socket = rubbish.accept()) {
                        socket.getInputStream().read();
                        socket.getOutputStream().write(noise);
                        socket.getInputStream().read(new byte[1000]);
                    } catch (java.io.IOException e) {
                        // The driver has hung up, as it should.
                    }
                }
            });
            server.setDaemon(true);
            server.start();
            gateway.readPlc("rubbish", rubbish.getLocalPort());
            Until.holds(PATIENCE, "the rubbish to be seen", gateway::log,
                () -> firstTag("rubbish").text("reason", "").equals("malformed"));
            assertThat(quality("plc")).isEqualTo("good");
        }
    }

    @Test
    void a_cloud_that_refuses_the_login_is_named_with_the_remedy() throws Exception {
        Path cloudFolder = Files.createDirectories(folder.resolve("cloud"));
        try (Cloud cloud = new Cloud(cloudFolder)) {
            gateway.configure("edge.cloudconnector.mqtt~strict", "{\"host\": \"127.0.0.1\", \"port\": " + cloud.port()
                + ", \"tls\": false, \"user\": \"gateway\", \".password\": \"wrong\"}");
            Until.holds(PATIENCE, "the refusal to be seen", gateway::log, () -> gateway.uplink("strict").isPresent()
                && gateway.uplink("strict").get().text("detail", "").contains("password"));
            assertThat(gateway.log()).doesNotContain("\"wrong\"");
        }
    }

    @Test
    void a_jar_that_is_no_bundle_is_refused_with_the_reason_beside_it() throws Exception {
        Path deploy = Files.createDirectories(gateway.data().resolve("deploy"));
        Files.writeString(deploy.resolve("holiday.jar"), "not a jar at all");
        Until.holds(PATIENCE, "the refusal", gateway::log,
            () -> Files.exists(deploy.resolve("holiday.jar.rejected.txt")));
        assertThat(Files.readString(deploy.resolve("holiday.jar.rejected.txt"))).contains("holiday.jar");
        assertThat(quality("plc")).isEqualTo("good");
    }

    @Test
    void a_port_in_use_is_named_and_taken_as_soon_as_it_is_free(@TempDir Path other) throws Exception {
        try (GatewayProcess second = new GatewayProcess(other.resolve("data"))) {
            try (ServerSocket taken = new ServerSocket(second.mqttPort(), 1, InetAddress.getLoopbackAddress())) {
                second.start();
                Until.holds(PATIENCE, "the port to be named", second::log, () -> health(second).stream()
                    .anyMatch(reason -> reason.contains(Integer.toString(taken.getLocalPort()))));
            }
            Until.holds(PATIENCE, "the broker to listen", second::log, () -> Program.listens(second.mqttPort()));
        }
    }

    private static List<String> health(GatewayProcess gateway) throws Exception {
        List<String> reasons = new java.util.ArrayList<>();
        for (Json part : gateway.json("/api/v1/health").asObject().get("items").asArray()) {
            if (part.asObject().text("status").equals("critical")) {
                reasons.add(part.asObject().text("reason", ""));
            }
        }
        return reasons;
    }
}
